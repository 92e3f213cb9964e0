#include "video_matting/layers.hpp"

#include <cstdint>
#include <limits>

#include "video/fit.hpp"

namespace video_matting {
namespace {

using workflow::Image;

wf_format with_alpha(wf_format format) {
  switch (format) {
    case WF_FORMAT_BGR8:
      return WF_FORMAT_BGRA8;
    case WF_FORMAT_RGB16:
      return WF_FORMAT_RGBA16;
    case WF_FORMAT_BGR16:
      return WF_FORMAT_BGRA16;
    default:
      return WF_FORMAT_RGBA8;
  }
}

template <typename Value>
const Value* values(const Image& image, std::uint32_t y) {
  return reinterpret_cast<const Value*>(image.row(y));
}
template <typename Value>
Value* values(Image& image, std::uint32_t y) {
  return reinterpret_cast<Value*>(image.row(y));
}

template <typename Value>
void cut_out_rows(const Image& foreground, const Image& alpha, Image& dst) {
  for (std::uint32_t y = 0; y < dst.height(); ++y) {
    const Value* colour = values<Value>(foreground, y);
    const Value* coverage = values<Value>(alpha, y);
    Value* pixel = values<Value>(dst, y);
    for (std::uint32_t x = 0; x < dst.width(); ++x, colour += 3, pixel += 4) {
      for (int c = 0; c < 3; ++c) pixel[c] = coverage[x] == 0 ? 0 : colour[c];
      pixel[3] = coverage[x];
    }
  }
}

template <typename Value>
void compose_rows(const Image& foreground, const Image& alpha, const Image& backdrop, Image& dst) {
  constexpr std::uint32_t kOne = std::numeric_limits<Value>::max();
  for (std::uint32_t y = 0; y < dst.height(); ++y) {
    const Value* front = values<Value>(foreground, y);
    const Value* back = values<Value>(backdrop, y);
    const Value* coverage = values<Value>(alpha, y);
    Value* pixel = values<Value>(dst, y);
    for (std::uint32_t x = 0; x < dst.width(); ++x) {
      for (int c = 0; c < 3; ++c, ++front, ++back, ++pixel) {
        const std::uint32_t sum =
            *front * std::uint32_t{coverage[x]} + *back * (kOne - coverage[x]);
        *pixel = static_cast<Value>((sum + kOne / 2) / kOne);
      }
    }
  }
}

}  // namespace

void cut_out(const Image& foreground, const Image& alpha, Image& dst) {
  workflow::video::fit(dst, foreground.width(), foreground.height(),
                       with_alpha(foreground.format()));
  if (workflow::channel_bytes(foreground.format()) == 2)
    cut_out_rows<std::uint16_t>(foreground, alpha, dst);
  else
    cut_out_rows<std::uint8_t>(foreground, alpha, dst);
}

void compose(const Image& foreground, const Image& alpha, const Image& backdrop, Image& dst) {
  workflow::video::fit(dst, foreground.width(), foreground.height(), foreground.format());
  if (workflow::channel_bytes(foreground.format()) == 2)
    compose_rows<std::uint16_t>(foreground, alpha, backdrop, dst);
  else
    compose_rows<std::uint8_t>(foreground, alpha, backdrop, dst);
}

}  // namespace video_matting
