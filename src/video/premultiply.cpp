#include "video/premultiply.hpp"

#include "video/fit.hpp"

namespace workflow::video {
namespace {

template <typename Value>
void multiply_row(const Value* src, std::uint32_t width, Value* dst) {
  constexpr std::uint32_t kOne = static_cast<Value>(-1);  // 65535 * 65535 + half of it fits
  for (std::uint32_t x = 0; x < width; ++x, src += 4, dst += 4) {
    const std::uint32_t alpha = src[3];
    for (int c = 0; c < 3; ++c) dst[c] = static_cast<Value>((src[c] * alpha + kOne / 2) / kOne);
    dst[3] = src[3];
  }
}

}  // namespace

void premultiply(const wf_image& src, Image& dst) {
  fit(dst, src.width, src.height, src.format);
  for (std::uint32_t y = 0; y < src.height; ++y) {
    const auto* from = static_cast<const std::uint8_t*>(src.data) + y * src.stride_bytes;
    if (channel_bytes(src.format) == 1) {
      multiply_row(from, src.width, dst.row(y));
    } else {
      multiply_row(reinterpret_cast<const std::uint16_t*>(from), src.width,
                   reinterpret_cast<std::uint16_t*>(dst.row(y)));
    }
  }
}

}  // namespace workflow::video
