#include "video/orientation.hpp"

#include <cstring>

namespace workflow::video {
namespace {

int sign(std::int32_t value) {
  constexpr std::int32_t kHalf = 1 << 15;  // of 1 in 16.16
  return value > kHalf ? 1 : value < -kHalf ? -1 : 0;
}

}  // namespace

Orientation orientation_of(const std::int32_t* matrix) {
  if (matrix == nullptr) return {};
  const Orientation found = {sign(matrix[0]), sign(matrix[3]), sign(matrix[1]), sign(matrix[4])};
  const bool straight = found.xx != 0 && found.yy != 0 && found.xy == 0 && found.yx == 0;
  const bool turned = found.xx == 0 && found.yy == 0 && found.xy != 0 && found.yx != 0;
  return straight || turned ? found : Orientation{};
}

void orient(const Image& src, const Orientation& orientation, Image& dst) {
  const auto pixel = static_cast<std::size_t>(pixel_bytes(src.format()));
  const std::int64_t x0 = orientation.xx + orientation.xy < 0 ? dst.width() - 1 : 0;
  const std::int64_t y0 = orientation.yx + orientation.yy < 0 ? dst.height() - 1 : 0;
  for (std::int64_t y = 0; y < src.height(); ++y) {
    const std::uint8_t* from = src.row(static_cast<std::uint32_t>(y));
    for (std::int64_t x = 0; x < src.width(); ++x, from += pixel) {
      const std::int64_t to_x = x0 + orientation.xx * x + orientation.xy * y;
      const std::int64_t to_y = y0 + orientation.yx * x + orientation.yy * y;
      std::memcpy(
          dst.row(static_cast<std::uint32_t>(to_y)) + static_cast<std::size_t>(to_x) * pixel, from,
          pixel);
    }
  }
}

}  // namespace workflow::video
