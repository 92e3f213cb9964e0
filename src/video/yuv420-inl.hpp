// The loops of Yuv420Conversion. Whole vectors first, then value by value, with the same integers.
#if defined(WORKFLOW_VIDEO_YUV420_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef WORKFLOW_VIDEO_YUV420_INL_HPP
#undef WORKFLOW_VIDEO_YUV420_INL_HPP
#else
#define WORKFLOW_VIDEO_YUV420_INL_HPP
#endif

#include <hwy/highway.h>

#include <algorithm>
#include <cstdint>

#include "video/yuv420.hpp"

#undef WORKFLOW_VIDEO_HAS_VECTORS
#if HWY_TARGET != HWY_SCALAR && HWY_TARGET != HWY_EMU128
#define WORKFLOW_VIDEO_HAS_VECTORS 1
#else
#define WORKFLOW_VIDEO_HAS_VECTORS 0
#endif

HWY_BEFORE_NAMESPACE();
namespace workflow::video {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// Bits behind the point: of levels in sums of pixels, in sums of planes, and of neutral chroma.
constexpr int kPixelBits = 5, kPlaneBits = 7, kNeutral = 128;

// As hn::MulFixedPoint15.
HWY_INLINE int times(int a, int b) {
  return (a * b + (1 << 14)) >> 15;
}

HWY_INLINE std::uint8_t byte_of(int sum, int bits) {
  return static_cast<std::uint8_t>(std::clamp((sum + (1 << (bits - 1))) >> bits, 0, 255));
}

#if WORKFLOW_VIDEO_HAS_VECTORS
using Values = hn::ScalableTag<std::int16_t>;
using Bytes = hn::Rebind<std::uint8_t, Values>;
using Vector = hn::Vec<Values>;

HWY_INLINE Vector load(const std::uint8_t* bytes) {
  return hn::PromoteTo(Values(), hn::LoadU(Bytes(), bytes));
}

template <int kBits>
HWY_INLINE hn::Vec<Bytes> bytes_of(Vector sum) {
  const Vector half = hn::Set(Values(), 1 << (kBits - 1));
  return hn::DemoteTo(Bytes(), hn::ShiftRight<kBits>(hn::SaturatedAdd(sum, half)));
}

HWY_INLINE Vector weighted(const std::int16_t weights[3], Vector red, Vector green, Vector blue) {
  const Values d;
  return hn::Add(hn::MulFixedPoint15(red, hn::Set(d, weights[0])),
                 hn::Add(hn::MulFixedPoint15(green, hn::Set(d, weights[1])),
                         hn::MulFixedPoint15(blue, hn::Set(d, weights[2]))));
}
#endif

HWY_INLINE int weighted(const std::int16_t weights[3], int red, int green, int blue) {
  return times(red, weights[0]) + times(green, weights[1]) + times(blue, weights[2]);
}

// A row of chroma for the pixels of a row, times 16: 3/4 of the near row and 1/4 of the far one,
// then linearly between columns. Writes 2 * count values.
inline void upsample_chroma(const std::uint8_t* near, const std::uint8_t* far, int count,
                            ChromaSite site, std::int16_t* out) {
  const bool left = site == ChromaSite::kLeft;
  const auto at = [&](int column) {
    column = std::clamp(column, 0, count - 1);
    return 3 * near[column] + far[column];
  };
  const auto write = [&](int i) {
    const int before = at(i - 1), here = at(i), behind = at(i + 1);
    out[2 * i] = static_cast<std::int16_t>(left ? 4 * here : before + 3 * here);
    out[2 * i + 1] = static_cast<std::int16_t>(left ? 2 * (here + behind) : 3 * here + behind);
  };
  write(0);
  int i = 1;
#if WORKFLOW_VIDEO_HAS_VECTORS
  const Values d;
  const int lanes = static_cast<int>(hn::Lanes(d));
  const auto thrice = [](Vector value) { return hn::Add(hn::Add(value, value), value); };
  const auto mixed = [&](int k) { return hn::Add(thrice(load(near + k)), load(far + k)); };
  for (; i + lanes < count; i += lanes) {  // the columns beside are read, too
    const Vector here = mixed(i), behind = mixed(i + 1);
    if (left) {
      hn::StoreInterleaved2(hn::ShiftLeft<2>(here), hn::ShiftLeft<1>(hn::Add(here, behind)), d,
                            out + 2 * i);
    } else {
      const Vector most = thrice(here);
      hn::StoreInterleaved2(hn::Add(mixed(i - 1), most), hn::Add(most, behind), d, out + 2 * i);
    }
  }
#endif
  for (; i < count; ++i) write(i);
}

// cb, cr: from upsample_chroma.
inline void write_pixels(const Yuv420Conversion::ToPixels& factors, const std::uint8_t* luma,
                         const std::int16_t* cb, const std::int16_t* cr, int width, bool blue_first,
                         std::uint8_t* out) {
  int x = 0;
#if WORKFLOW_VIDEO_HAS_VECTORS
  const Values d;
  const int lanes = static_cast<int>(hn::Lanes(d));
  const Vector black = hn::Set(d, factors.black), neutral = hn::Set(d, 16 * kNeutral);
  const auto product = [&d](Vector value, std::int16_t factor) {
    return hn::MulFixedPoint15(value, hn::Set(d, factor));
  };
  for (; x + lanes <= width; x += lanes) {
    const Vector grey = product(hn::ShiftLeft<7>(hn::Sub(load(luma + x), black)), factors.luma);
    const Vector b = hn::ShiftLeft<3>(hn::Sub(hn::LoadU(d, cb + x), neutral));
    const Vector r = hn::ShiftLeft<3>(hn::Sub(hn::LoadU(d, cr + x), neutral));
    const auto red = bytes_of<kPixelBits>(hn::Add(grey, product(r, factors.red_cr)));
    const auto green = bytes_of<kPixelBits>(
        hn::Add(grey, hn::Add(product(b, factors.green_cb), product(r, factors.green_cr))));
    const auto blue = bytes_of<kPixelBits>(hn::Add(grey, product(b, factors.blue_cb)));
    std::uint8_t* const pixels = out + 3 * x;
    if (blue_first) {
      hn::StoreInterleaved3(blue, green, red, Bytes(), pixels);
    } else {
      hn::StoreInterleaved3(red, green, blue, Bytes(), pixels);
    }
  }
#endif
  for (; x < width; ++x) {
    const int grey = times((luma[x] - factors.black) * (1 << 7), factors.luma);
    const int b = (cb[x] - 16 * kNeutral) * (1 << 3), r = (cr[x] - 16 * kNeutral) * (1 << 3);
    const int red = grey + times(r, factors.red_cr);
    const int green = grey + times(b, factors.green_cb) + times(r, factors.green_cr);
    const int blue = grey + times(b, factors.blue_cb);
    std::uint8_t* const pixel = out + 3 * x;
    pixel[0] = byte_of(blue_first ? blue : red, kPixelBits);
    pixel[1] = byte_of(green, kPixelBits);
    pixel[2] = byte_of(blue_first ? red : blue, kPixelBits);
  }
}

// A row's luma; into sums its red, green and blue, or with those of the row before.
inline void read_pixels(const Yuv420Conversion::ToPlanes& factors, const std::uint8_t* pixels,
                        int width, bool blue_first, bool first, std::int16_t* const sums[3],
                        std::uint8_t* luma) {
  const int red = blue_first ? 2 : 0, blue = 2 - red;
  const int black = factors.black << kPlaneBits;
  int x = 0;
#if WORKFLOW_VIDEO_HAS_VECTORS
  const Values d;
  const int lanes = static_cast<int>(hn::Lanes(d));
  const auto sum = [&](int channel, Vector value) {
    std::int16_t* const place = sums[channel] + x;
    hn::StoreU(first ? value : hn::Add(hn::LoadU(d, place), value), d, place);
    return hn::ShiftLeft<kPlaneBits>(value);
  };
  for (; x + lanes <= width; x += lanes) {
    hn::Vec<Bytes> a, b, c;
    hn::LoadInterleaved3(Bytes(), pixels + 3 * x, a, b, c);
    const Vector r = sum(0, hn::PromoteTo(d, blue_first ? c : a));
    const Vector g = sum(1, hn::PromoteTo(d, b));
    const Vector bl = sum(2, hn::PromoteTo(d, blue_first ? a : c));
    const Vector grey =
        hn::Add(weighted(factors.luma, r, g, bl), hn::Set(d, static_cast<std::int16_t>(black)));
    hn::StoreU(bytes_of<kPlaneBits>(grey), Bytes(), luma + x);
  }
#endif
  for (; x < width; ++x) {
    const std::uint8_t* const pixel = pixels + 3 * x;
    const int colour[3] = {pixel[red], pixel[1], pixel[blue]};
    for (int i = 0; i < 3; ++i) {
      sums[i][x] = static_cast<std::int16_t>((first ? 0 : sums[i][x]) + colour[i]);
    }
    luma[x] = byte_of(weighted(factors.luma, colour[0] << kPlaneBits, colour[1] << kPlaneBits,
                               colour[2] << kPlaneBits) +
                          black,
                      kPlaneBits);
  }
}

// Chroma of two rows from their sums, which have a value more before the first pixel and behind
// the last: half of the pixel that it lies beside, a quarter of each neighbour.
inline void write_chroma(const Yuv420Conversion::ToPlanes& factors,
                         const std::int16_t* const sums[3], int count, std::uint8_t* cb,
                         std::uint8_t* cr) {
  constexpr int kEighths = kPlaneBits - 3;
  constexpr int kMiddle = kNeutral << kPlaneBits;
  int i = 0;
#if WORKFLOW_VIDEO_HAS_VECTORS
  const Values d;
  const int lanes = static_cast<int>(hn::Lanes(d));
  const Vector middle = hn::Set(d, static_cast<std::int16_t>(kMiddle));
  const auto eighths = [&](const std::int16_t* row) {
    Vector left, here, same, right;
    hn::LoadInterleaved2(d, row + 2 * i - 1, left, here);
    hn::LoadInterleaved2(d, row + 2 * i, same, right);
    return hn::ShiftLeft<kEighths>(hn::Add(hn::Add(left, right), hn::Add(here, here)));
  };
  for (; i + lanes <= count; i += lanes) {
    const Vector r = eighths(sums[0]), g = eighths(sums[1]), b = eighths(sums[2]);
    const auto write = [&](const std::int16_t weights[3], std::uint8_t* place) {
      const Vector sum = hn::SaturatedAdd(weighted(weights, r, g, b), middle);
      hn::StoreU(bytes_of<kPlaneBits>(sum), Bytes(), place + i);
    };
    write(factors.cb, cb);
    write(factors.cr, cr);
  }
#endif
  const auto eighths_at = [&](const std::int16_t* row) {
    return (row[2 * i - 1] + 2 * row[2 * i] + row[2 * i + 1]) << kEighths;
  };
  for (; i < count; ++i) {
    const int r = eighths_at(sums[0]), g = eighths_at(sums[1]), b = eighths_at(sums[2]);
    cb[i] = byte_of(weighted(factors.cb, r, g, b) + kMiddle, kPlaneBits);
    cr[i] = byte_of(weighted(factors.cr, r, g, b) + kMiddle, kPlaneBits);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace workflow::video
HWY_AFTER_NAMESPACE();

#endif  // WORKFLOW_VIDEO_YUV420_INL_HPP
