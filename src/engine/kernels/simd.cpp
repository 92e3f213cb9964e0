// The kernels in Highway: this file is compiled once for each target (SSE4, AVX2, AVX-512).
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/kernels/simd.cpp"
#include <hwy/foreach_target.h>  // must come before highway.h
#include <hwy/highway.h>

#include <algorithm>
#include <cstring>
#include <limits>

#include "engine/kernels/kernels.hpp"

// Without vectors the plain kernels serve.
#if HWY_TARGET != HWY_SCALAR && HWY_TARGET != HWY_EMU128
#include "engine/kernels/products-inl.hpp"
#include "engine/kernels/taps-inl.hpp"
#include "engine/kernels/vectors-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace matting::engine {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// ---- pixels

template <class Pixel, class D>
HWY_INLINE hn::Vec<D> widen(D d, hn::Vec<hn::Rebind<Pixel, D>> pixels) {
  const hn::Rebind<std::int32_t, D> di;
  const auto scale = hn::Set(d, 1.0f / std::numeric_limits<Pixel>::max());
  return hn::Mul(hn::ConvertTo(d, hn::PromoteTo(di, pixels)), scale);
}

template <class Pixel, class D>
HWY_INLINE hn::Vec<hn::Rebind<Pixel, D>> narrow(D d, hn::Vec<D> value) {
  const auto clamped = clamp01(d, value);
  const auto levels = hn::Set(d, static_cast<float>(std::numeric_limits<Pixel>::max()));
  return hn::DemoteTo(hn::Rebind<Pixel, D>(), hn::NearestInt(hn::Mul(clamped, levels)));
}

// body(d, i) for whole vectors of tag d that cover the pixels from begin to count; the last may
// overlap the one before. Returns the first pixel that is left: count, or 0 where a row is too
// short for a vector.
template <class Body>
HWY_INLINE int for_pixels(int begin, int count, const Body& body) {
  const FloatD d;
  const hn::CappedTag<float, 8> short_d;
  const int lanes = static_cast<int>(hn::Lanes(d));
  const int short_lanes = static_cast<int>(hn::Lanes(short_d));
  int i = begin;
  for (; i + lanes <= count; i += lanes) body(d, i);
  if (count < short_lanes) return i;
  for (; i < count; i += short_lanes) body(short_d, std::min(i, count - short_lanes));
  return count;
}

// RGB pixels of bytes: a vector of 32-bit words holds four in each block of 16 bytes, either dense
// in the first words of the whole, or spread, with an unused word behind every three.
using Bytes = hn::Repartition<std::uint8_t, FloatD>;
using Words = hn::Repartition<std::int32_t, FloatD>;
constexpr int kWords = static_cast<int>(HWY_MAX_BYTES / sizeof(std::int32_t));
constexpr std::uint8_t kNone = 0x80;  // of TableLookupBytesOr0: becomes 0

struct ThreeByteTables {
  std::int32_t spread[kWords] = {}, dense[kWords] = {};  // word that comes to each place
  // Within a block: each channel's bytes to words of their own; three of each word's bytes, dense.
  alignas(16) std::uint8_t channel[3][16] = {};
  alignas(16) std::uint8_t pack[16] = {};

  constexpr ThreeByteTables() {
    for (int i = 0; i < kWords; ++i) {
      spread[i] = i / 4 * 3 + i % 4;
      dense[i] = i < kWords / 4 * 3 ? i / 3 * 4 + i % 3 : 0;
    }
    for (int i = 0; i < 16; ++i) {
      for (int c = 0; c < 3; ++c) {
        channel[c][i] = i % 4 == 0 ? static_cast<std::uint8_t>(i / 4 * 3 + c) : kNone;
      }
      pack[i] = i < 12 ? static_cast<std::uint8_t>(i / 3 * 4 + i % 3) : kNone;
    }
  }
};
constexpr ThreeByteTables kThreeBytes;

// Whole vectors from the beginning of a row, as long as one can be read; returns how many pixels
// that were.
inline int load_three_bytes(const std::uint8_t* from, int count, float* const planes[3]) {
  const FloatD d;
  const Bytes bytes;
  const Words words;
  const int lanes = static_cast<int>(hn::Lanes(d)), size = static_cast<int>(hn::Lanes(bytes));
  const auto spread = hn::SetTableIndices(words, kThreeBytes.spread);
  const auto scale = hn::Set(d, 1.0f / 255);
  int i = 0;
  for (; 3 * (count - i) >= size; i += lanes) {
    const auto dense = hn::BitCast(words, hn::LoadU(bytes, from + 3 * i));
    const auto blocks = hn::BitCast(bytes, hn::TableLookupLanes(dense, spread));
    for (int c = 0; c < 3; ++c) {
      const auto channel = hn::LoadDup128(bytes, kThreeBytes.channel[c]);
      const auto levels = hn::BitCast(words, hn::TableLookupBytesOr0(blocks, channel));
      hn::StoreU(hn::Mul(hn::ConvertTo(d, levels), scale), d, planes[c] + i);
    }
  }
  return i;
}

template <class Pixel, int kChannels, PixelKind kKind>
void load(const void* pixels, int count, float* const planes[3]) {
  const auto* from = static_cast<const Pixel*>(pixels);
  int begin = 0;
  if constexpr (kChannels == 3 && sizeof(Pixel) == 1) begin = load_three_bytes(from, count, planes);
  const int left = for_pixels(begin, count, [&](auto d, int i) HWY_ATTR {
    const hn::Rebind<Pixel, decltype(d)> dp;
    const Pixel* at = from + i * kChannels;
    if constexpr (kChannels == 1) {
      hn::StoreU(widen<Pixel>(d, hn::LoadU(dp, at)), d, planes[0] + i);
    } else {
      hn::Vec<decltype(dp)> a, b, c, rest;
      if constexpr (kChannels == 3) {
        hn::LoadInterleaved3(dp, at, a, b, c);
      } else {
        hn::LoadInterleaved4(dp, at, a, b, c, rest);
      }
      hn::StoreU(widen<Pixel>(d, a), d, planes[0] + i);
      hn::StoreU(widen<Pixel>(d, b), d, planes[1] + i);
      hn::StoreU(widen<Pixel>(d, c), d, planes[2] + i);
    }
  });
  if (left < count) plain_kernels().load[kKind](pixels, count, planes);
}

// As load_three_bytes. What a vector writes beyond its pixels, the next writes again.
inline int store_three_bytes(const float* const planes[4], int count, std::uint8_t* to) {
  const FloatD d;
  const Bytes bytes;
  const Words words;
  const int lanes = static_cast<int>(hn::Lanes(d)), size = static_cast<int>(hn::Lanes(bytes));
  const auto dense = hn::SetTableIndices(words, kThreeBytes.dense);
  const auto pack = hn::LoadDup128(bytes, kThreeBytes.pack);
  const auto levels = hn::Set(d, 255.0f);
  int i = 0;
  for (; 3 * (count - i) >= size; i += lanes) {
    const auto level = [&](int c) HWY_ATTR {
      return hn::NearestInt(hn::Mul(clamp01(d, hn::LoadU(d, planes[c] + i)), levels));
    };
    const auto pixels = hn::Or3(level(0), hn::ShiftLeft<8>(level(1)), hn::ShiftLeft<16>(level(2)));
    const auto blocks = hn::TableLookupBytesOr0(hn::BitCast(bytes, pixels), pack);
    const auto packed = hn::TableLookupLanes(hn::BitCast(words, blocks), dense);
    hn::StoreU(hn::BitCast(bytes, packed), bytes, to + 3 * i);
  }
  return i;
}

template <class Pixel, int kChannels, PixelKind kKind>
void store(const float* const planes[4], int count, void* pixels) {
  auto* to = static_cast<Pixel*>(pixels);
  int begin = 0;
  if constexpr (kChannels == 3 && sizeof(Pixel) == 1) begin = store_three_bytes(planes, count, to);
  const int left = for_pixels(begin, count, [&](auto d, int i) HWY_ATTR {
    const hn::Rebind<Pixel, decltype(d)> dp;
    const auto plane = [&](int c)
                           HWY_ATTR { return narrow<Pixel>(d, hn::LoadU(d, planes[c] + i)); };
    Pixel* at = to + i * kChannels;
    if constexpr (kChannels == 1) hn::StoreU(plane(0), dp, at);
    if constexpr (kChannels == 3) hn::StoreInterleaved3(plane(0), plane(1), plane(2), dp, at);
    if constexpr (kChannels == 4) {
      hn::StoreInterleaved4(plane(0), plane(1), plane(2), plane(3), dp, at);
    }
  });
  if (left < count) plain_kernels().store[kKind](planes, count, pixels);
}

// ---- rows of floats

void mix(const float* a, const float* b, float weight, int count, float* out) {
  const FloatD d;
  const int lanes = static_cast<int>(hn::Lanes(d));
  const auto w = hn::Set(d, weight);
  int i = 0;
  for (; i + lanes <= count; i += lanes) {
    hn::StoreU(lerp(hn::LoadU(d, a + i), hn::LoadU(d, b + i), w), d, out + i);
  }
  for (; i < count; ++i) out[i] = a[i] + (b[i] - a[i]) * weight;
}

void resize(const float* const* in, int planes, const Columns& columns, int count,
            float* const* out) {
  const FloatD d;
  const hn::Rebind<std::int32_t, FloatD> di;
  const int lanes = static_cast<int>(hn::Lanes(d));
  int x = 0;
  for (; x + lanes <= count; x += lanes) {
    const std::int32_t base = columns.first[x];
    const auto first = hn::LoadU(di, columns.first + x), second = hn::LoadU(di, columns.second + x);
    const auto weight = hn::LoadU(d, columns.weight + x);
    if (columns.second[x + lanes - 1] - base < lanes) {
      // All that these outputs read lies in one vector.
      const auto offset = hn::Set(di, base);
      const auto left = hn::IndicesFromVec(d, hn::Sub(first, offset));
      const auto right = hn::IndicesFromVec(d, hn::Sub(second, offset));
      for (int p = 0; p < planes; ++p) {
        const auto near = hn::LoadU(d, in[p] + base);
        const auto a = hn::TableLookupLanes(near, left), b = hn::TableLookupLanes(near, right);
        hn::StoreU(lerp(a, b, weight), d, out[p] + x);
      }
    } else {
      for (int p = 0; p < planes; ++p) {
        const auto a = hn::GatherIndex(d, in[p], first), b = hn::GatherIndex(d, in[p], second);
        hn::StoreU(lerp(a, b, weight), d, out[p] + x);
      }
    }
  }
  const Columns rest = {columns.first + x, columns.second + x, columns.weight + x};
  for (int p = 0; p < planes && x < count; ++p) {
    float* const at = out[p] + x;
    plain_kernels().resize(in + p, 1, rest, count - x, &at);
  }
}

void finish(float* alpha, float* const color[3], const float* const image[3],
            const std::uint8_t* mask, int count) {
  const FloatD d;
  const hn::Rebind<std::uint8_t, FloatD> db;
  const hn::Rebind<std::int32_t, FloatD> di;
  const int lanes = static_cast<int>(hn::Lanes(d));
  int i = 0;
  for (; i + lanes <= count; i += lanes) {
    auto a = clamp01(d, hn::LoadU(d, alpha + i));
    auto fixed = hn::MaskFromVec(hn::Zero(d));
    if (mask) {
      const auto m = hn::ConvertTo(d, hn::PromoteTo(di, hn::LoadU(db, mask + i)));
      fixed = hn::Eq(m, hn::Set(d, 255.0f));
      a = hn::IfThenElse(fixed, hn::Set(d, 1.0f), a);
      a = hn::IfThenZeroElse(hn::Eq(m, hn::Zero(d)), a);
    }
    hn::StoreU(a, d, alpha + i);
    for (int c = 0; c < 3; ++c) {
      const auto pixel = hn::LoadU(d, image[c] + i);
      const auto sum = clamp01(d, hn::Add(hn::LoadU(d, color[c] + i), pixel));
      hn::StoreU(hn::IfThenElse(fixed, pixel, sum), d, color[c] + i);
    }
  }
  if (i == count) return;
  float* const rest[3] = {color[0] + i, color[1] + i, color[2] + i};
  const float* const rest_image[3] = {image[0] + i, image[1] + i, image[2] + i};
  plain_kernels().finish(alpha + i, rest, rest_image, mask ? mask + i : nullptr, count - i);
}

void compose(const float* alpha, const float* color, const float* background, int count,
             float* out) {
  const FloatD d;
  const int lanes = static_cast<int>(hn::Lanes(d));
  int i = 0;
  for (; i + lanes <= count; i += lanes) {
    const auto b = hn::LoadU(d, background + i);
    hn::StoreU(lerp(b, hn::LoadU(d, color + i), hn::LoadU(d, alpha + i)), d, out + i);
  }
  plain_kernels().compose(alpha + i, color + i, background + i, count - i, out + i);
}

void cut_out(const float* alpha, const float* color, float levels, int count, float* out) {
  const FloatD d;
  const int lanes = static_cast<int>(hn::Lanes(d));
  const auto half = hn::Set(d, 0.5f), factor = hn::Set(d, levels);
  int i = 0;
  for (; i + lanes <= count; i += lanes) {
    const auto kept = hn::Gt(hn::Mul(hn::LoadU(d, alpha + i), factor), half);
    hn::StoreU(hn::IfThenElseZero(kept, hn::LoadU(d, color + i)), d, out + i);
  }
  plain_kernels().cut_out(alpha + i, color + i, levels, count - i, out + i);
}

// ---- activations

template <class T>
void interleave(const float* const planes[6], int count, T* out) {
  const hn::FixedTag<float, 4> d4;
  int i = 0;
  for (; i + 4 <= count; i += 4, out += 4 * kColorPitch) {
    // Two transposes of 4x4: pixels of the image and the plate's red, then the rest.
    float pixels[4 * kColorPitch];
    const auto zero = hn::Zero(d4);
    const auto p = [&](int c) HWY_ATTR { return hn::LoadU(d4, planes[c] + i); };
    float first[16], last[16];
    hn::StoreInterleaved4(p(0), p(1), p(2), p(3), d4, first);
    hn::StoreInterleaved4(p(4), p(5), zero, zero, d4, last);
    for (int k = 0; k < 4; ++k) {
      hn::StoreU(hn::LoadU(d4, first + 4 * k), d4, pixels + k * kColorPitch);
      hn::StoreU(hn::LoadU(d4, last + 4 * k), d4, pixels + k * kColorPitch + 4);
    }
    for_channels(4 * kColorPitch, [&](auto d, int c) HWY_ATTR {
      store_float(hn::LoadU(d, pixels + c), d, out + c);
    });
  }
  if (i == count) return;
  const float* const rest[6] = {planes[0] + i, planes[1] + i, planes[2] + i,
                                planes[3] + i, planes[4] + i, planes[5] + i};
  plain_kernels().of<T>().interleave(rest, count - i, out);
}

// The two low rows mixed into row.scratch.
template <class T, class Out>
HWY_INLINE void mix_low_rows(const UpsampleJoinRow<T, Out>& row) {
  const T* upper = row.upper + static_cast<std::size_t>(row.low_first) * row.channels;
  const T* lower = row.lower + static_cast<std::size_t>(row.low_first) * row.channels;
  for_channels(row.low_width * row.channels, [&](auto d, int i) HWY_ATTR {
    const auto mixed =
        lerp(load_float(d, upper + i), load_float(d, lower + i), hn::Set(d, row.weight));
    hn::StoreU(mixed, d, row.scratch + i);
  });
}

template <class T>
void upsample_join(const UpsampleJoinRow<T>& row) {
  mix_low_rows(row);
  const int channels = row.channels, end = channels + row.skip_channels;
  T* out = row.out;
  const T* skip = row.skip;
  for (int x = 0; x < row.width; ++x, out += row.out_pitch, skip += row.skip_channels) {
    const float* left = row.scratch + (row.columns.first[x] - row.low_first) * channels;
    const float* right = row.scratch + (row.columns.second[x] - row.low_first) * channels;
    const float weight = row.columns.weight[x];
    for_channels(channels, [&](auto d, int c) HWY_ATTR {
      const auto w = hn::Set(d, weight);
      store_float(lerp(hn::LoadU(d, left + c), hn::LoadU(d, right + c), w), d, out + c);
    });
    copy_channels(skip, row.skip_channels, out + channels);
    clear_channels(row.out_pitch - end, out + end);
  }
}

template <class T>
HWY_INLINE void quantize_pixel(const T* pixel, int channels, const float* factor, const float* zero,
                               std::uint8_t* out) {
  for_channels(channels, [&](auto d, int c) HWY_ATTR {
    const auto value = load_float(d, pixel + c);
    store_level(hn::MulAdd(value, hn::LoadU(d, factor + c), hn::LoadU(d, zero + c)), d, out + c);
  });
}

template <class T>
void quantize(const T* pixels, int count, int channels, const float* factor, const float* zero,
              std::uint8_t* out, int out_pitch) {
  for (int i = 0; i < count; ++i, pixels += channels, out += out_pitch) {
    quantize_pixel(pixels, channels, factor, zero, out);
  }
}

template <class T>
void upsample_join_integer(const UpsampleJoinRow<T, std::uint8_t>& row) {
  mix_low_rows(row);
  const int channels = row.channels, end = channels + row.skip_channels;
  std::uint8_t* out = row.out;
  const T* skip = row.skip;
  for (int x = 0; x < row.width; ++x, out += row.out_pitch, skip += row.skip_channels) {
    const float* left = row.scratch + (row.columns.first[x] - row.low_first) * channels;
    const float* right = row.scratch + (row.columns.second[x] - row.low_first) * channels;
    const float weight = row.columns.weight[x];
    for_channels(channels, [&](auto d, int c) HWY_ATTR {
      const auto w = hn::Set(d, weight);
      const auto value = lerp(hn::LoadU(d, left + c), hn::LoadU(d, right + c), w);
      store_level(hn::MulAdd(value, hn::LoadU(d, row.factor + c), hn::LoadU(d, row.zero + c)), d,
                  out + c);
    });
    quantize_pixel(skip, row.skip_channels, row.factor + channels, row.zero + channels,
                   out + channels);
    for (int c = end; c < row.out_pitch; ++c) out[c] = 0;
  }
}

template <class T>
void split_coarse(T* pixels, int hidden, int count, float* const planes[5]) {
  for (int i = 0; i < count; ++i, pixels += hidden + kMapPitch) {
    for_channels(hidden, [&](auto d, int c) HWY_ATTR {
      store_float(hn::Max(load_float(d, pixels + c), hn::Zero(d)), d, pixels + c);
    });
    T* const maps = pixels + hidden;
    const float alpha = std::min(1.0f, std::max(0.0f, to_float(maps[0])));
    maps[0] = from_float<T>(alpha);
    planes[0][i] = alpha;
    for (int c = 1; c < 4; ++c) planes[c][i] = to_float(maps[c]);
    planes[4][i] = std::min(1.0f, std::max(0.0f, to_float(maps[4])));
  }
}

// Writes the 8 colour channels as means of 2x2 pixels.
template <class T>
HWY_INLINE void mean_color(const float* above, const float* below, T* out) {
  for_channels(kColorPitch, [&](auto d, int c) HWY_ATTR {
    const auto upper = hn::Add(hn::LoadU(d, above + c), hn::LoadU(d, above + kColorPitch + c));
    const auto lower = hn::Add(hn::LoadU(d, below + c), hn::LoadU(d, below + kColorPitch + c));
    store_float(hn::Mul(hn::Add(upper, lower), hn::Set(d, 0.25f)), d, out + c);
  });
}

template <class T>
void gather_half(const HalfRow<T>& row) {
  constexpr int kMaps = 36;  // of kCoarsePitch: error and zeros are not wanted
  const int base = row.columns.first[0];
  const int low_count = row.columns.second[row.count - 1] - base + 1;
  const T* upper = row.upper + base * kCoarsePitch;
  const T* lower = row.lower + base * kCoarsePitch;
  for_channels(low_count * kCoarsePitch, [&](auto d, int i) HWY_ATTR {
    const auto w = hn::Set(d, row.weight);
    hn::StoreU(lerp(load_float(d, upper + i), load_float(d, lower + i), w), d, row.scratch + i);
  });
  for (int x = 0; x < row.count; ++x) {
    T* out = row.out + x * kHalfPitch;
    const float* left = row.scratch + (row.columns.first[x] - base) * kCoarsePitch;
    const float* right = row.scratch + (row.columns.second[x] - base) * kCoarsePitch;
    const float weight = row.columns.weight[x];
    for_channels(kCoarsePitch, [&](auto d, int c) HWY_ATTR {
      const auto w = hn::Set(d, weight);
      store_float(lerp(hn::LoadU(d, left + c), hn::LoadU(d, right + c), w), d, out + c);
    });
    std::memset(static_cast<void*>(out + kMaps + kColorPitch), 0,
                sizeof(T) * (kHalfPitch - kMaps - kColorPitch));
    const int color = 2 * x * kColorPitch;
    mean_color(row.color0 + color, row.color1 + color, out + kMaps);
  }
}

template <class T>
void gather_full(const T* features, const float* color, int count, T* out) {
  for (int i = 0; i < count; ++i, out += kFullPitch, color += kColorPitch) {
    copy_channels(features + i / 2 * kHalfFeatures, kHalfFeatures, out);
    for_channels(kColorPitch, [&](auto d, int c) HWY_ATTR {
      store_float(hn::LoadU(d, color + c), d, out + kHalfFeatures + c);
    });
  }
}

template <class T>
void sum_pixels(const T* pixels, int count, int channels, float* sums) {
  for (int i = 0; i < count; ++i, pixels += channels) {
    for_channels(channels, [&](auto d, int c) HWY_ATTR {
      hn::StoreU(hn::Add(hn::LoadU(d, sums + c), load_float(d, pixels + c)), d, sums + c);
    });
  }
}

template <class T>
ElementKernels<T> element_kernels() {
  return {interleave<T>,   upsample_join<T>, upsample_join_integer<T>, quantize<T>,
          split_coarse<T>, gather_half<T>,   gather_full<T>,           sum_pixels<T>};
}

const Kernels& simd_kernels() {
  using Byte = std::uint8_t;
  using Word = std::uint16_t;
  static const Kernels kernels = {
      hwy::TargetName(HWY_TARGET),
      {load<Byte, 1, kGray8Pixels>, load<Byte, 3, kColor8Pixels>, load<Byte, 4, kFour8Pixels>,
       load<Word, 1, kGray16Pixels>, load<Word, 3, kColor16Pixels>, load<Word, 4, kFour16Pixels>},
      {store<Byte, 1, kGray8Pixels>, store<Byte, 3, kColor8Pixels>, store<Byte, 4, kFour8Pixels>,
       store<Word, 1, kGray16Pixels>, store<Word, 3, kColor16Pixels>,
       store<Word, 4, kFour16Pixels>},
      mix,
      resize,
      finish,
      compose,
      cut_out,
      add_taps,
      add_products,
      element_kernels<float>(),
      element_kernels<BFloat16>()};
  return kernels;
}

}  // namespace HWY_NAMESPACE
}  // namespace matting::engine
HWY_AFTER_NAMESPACE();
#endif

#if HWY_ONCE
namespace matting::engine {

const Kernels& kernels_for(Isa isa) {
#if HWY_TARGETS & HWY_AVX3
  if (isa >= Isa::kAvx512) return N_AVX3::simd_kernels();
#endif
#if HWY_TARGETS & HWY_AVX2
  if (isa >= Isa::kAvx2) return N_AVX2::simd_kernels();
#endif
#if HWY_TARGETS & HWY_SSE4
  if (isa >= Isa::kSse41) return N_SSE4::simd_kernels();
#endif
  return plain_kernels();
}

const Kernels& process_kernels() {
  static const Kernels& kernels = kernels_for(process_isa());
  return kernels;
}

}  // namespace matting::engine
#endif
