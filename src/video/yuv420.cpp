// The loops over pixels are compiled once for each target (SSE4, AVX2, AVX-512) and chosen by the
// CPU.
#include "video/yuv420.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "video/yuv420.cpp"
#include <hwy/foreach_target.h>  // must come before highway.h
#include <hwy/highway.h>

#include <algorithm>

#include "video/yuv420-inl.hpp"

#if HWY_ONCE
#include <cmath>

#include "media/mat_view.hpp"

extern "C" {
#include <libavutil/pixfmt.h>
}

namespace workflow::video {

HWY_EXPORT(upsample_chroma);
HWY_EXPORT(write_pixels);
HWY_EXPORT(read_pixels);
HWY_EXPORT(write_chroma);

namespace {

constexpr int kMargin = 1;  // values before a row and behind it

std::int16_t fixed(double value, int bits) {
  return static_cast<std::int16_t>(std::lround(std::ldexp(value, bits)));
}

template <typename Byte>
Byte* row_of(const Yuv420Planes<Byte>& planes, int plane, int y) {
  return planes.data[plane] + static_cast<std::ptrdiff_t>(y) * planes.stride[plane];
}

}  // namespace

std::optional<LumaWeights> luma_weights(int matrix) {
  switch (matrix) {
    case AVCOL_SPC_BT709:
      return LumaWeights{0.2126, 0.0722};
    case AVCOL_SPC_BT470BG:
    case AVCOL_SPC_SMPTE170M:
      return LumaWeights{0.299, 0.114};
    case AVCOL_SPC_SMPTE240M:
      return LumaWeights{0.212, 0.087};
    case AVCOL_SPC_BT2020_NCL:
      return LumaWeights{0.2627, 0.0593};
    default:
      return std::nullopt;
  }
}

Yuv420Conversion::Yuv420Conversion(const LumaWeights& weights, bool full_range) {
  const double red = weights.red, blue = weights.blue, green = 1 - red - blue;
  const double luma_levels = full_range ? 1 : 219.0 / 255;
  const double chroma_levels = full_range ? 1 : 224.0 / 255;
  const double to_cb = chroma_levels / (2 * (1 - blue)), to_cr = chroma_levels / (2 * (1 - red));
  constexpr int kBits = 13, kPlaneBits = 15;
  to_pixels_.black = to_planes_.black = full_range ? 0 : 16;
  to_pixels_.luma = fixed(1 / luma_levels, kBits);
  to_pixels_.red_cr = fixed(1 / to_cr, kBits);
  to_pixels_.blue_cb = fixed(1 / to_cb, kBits);
  to_pixels_.green_cr = fixed(-red / green / to_cr, kBits);
  to_pixels_.green_cb = fixed(-blue / green / to_cb, kBits);
  const double of[3] = {red, green, blue};
  for (int i = 0; i < 3; ++i) {
    to_planes_.luma[i] = fixed(of[i] * luma_levels, kPlaneBits);
    to_planes_.cb[i] = fixed(((i == 2) - of[i]) * to_cb, kPlaneBits);
    to_planes_.cr[i] = fixed(((i == 0) - of[i]) * to_cr, kPlaneBits);
  }
}

void Yuv420Conversion::make_room(int width) {
  rows_.resize(3 * (static_cast<std::size_t>(width) + 2 * kMargin));
}

void Yuv420Conversion::to_pixels(const Yuv420Planes<const std::uint8_t>& src, ChromaSite site,
                                 const wf_image& dst) {
  make_room(src.width);
  std::int16_t* const cb = rows_.data();
  std::int16_t* const cr = cb + src.width + kMargin;
  cv::Mat pixels = media::pixels_view(dst);
  const int chroma_rows = (src.height + 1) / 2, columns = (src.width + 1) / 2;
  for (int y = 0; y < src.height; ++y) {
    const int near = y / 2;
    const int far = std::clamp(near + (y % 2 == 0 ? -1 : 1), 0, chroma_rows - 1);
    for (int plane = 1; plane < 3; ++plane) {
      HWY_DYNAMIC_DISPATCH(upsample_chroma)
      (row_of(src, plane, near), row_of(src, plane, far), columns, site, plane == 1 ? cb : cr);
    }
    HWY_DYNAMIC_DISPATCH(write_pixels)
    (to_pixels_, row_of(src, 0, y), cb, cr, src.width, is_blue_first(dst.format), pixels.ptr(y));
  }
}

void Yuv420Conversion::to_planes(const wf_image& src, const Yuv420Planes<std::uint8_t>& dst) {
  make_room(dst.width);
  std::int16_t* sums[3];  // of two rows; red, green, blue
  for (int i = 0; i < 3; ++i) {
    sums[i] = rows_.data() + i * (dst.width + 2 * kMargin) + kMargin;
  }
  const cv::Mat pixels = media::pixels_view(src);
  const bool blue_first = is_blue_first(src.format);
  for (int y = 0; y < dst.height; y += 2) {
    const int below = std::min(y + 1, dst.height - 1);
    for (const bool first : {true, false}) {
      const int row = first ? y : below;
      HWY_DYNAMIC_DISPATCH(read_pixels)
      (to_planes_, pixels.ptr(row), dst.width, blue_first, first, sums, row_of(dst, 0, row));
    }
    for (int i = 0; i < 3; ++i) {
      sums[i][-1] = sums[i][0];
      sums[i][dst.width] = sums[i][dst.width - 1];
    }
    HWY_DYNAMIC_DISPATCH(write_chroma)
    (to_planes_, sums, (dst.width + 1) / 2, row_of(dst, 1, y / 2), row_of(dst, 2, y / 2));
  }
}

}  // namespace workflow::video
#endif  // HWY_ONCE
