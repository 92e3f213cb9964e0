// The sum of a decoder's upsampled taps. Included once for each target.
#if defined(MATTING_ENGINE_KERNELS_TAPS_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef MATTING_ENGINE_KERNELS_TAPS_INL_HPP
#undef MATTING_ENGINE_KERNELS_TAPS_INL_HPP
#else
#define MATTING_ENGINE_KERNELS_TAPS_INL_HPP
#endif

#include <hwy/highway.h>

#include "engine/kernels/kernels.hpp"
#include "engine/kernels/vectors-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace matting::engine {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// Of each low pixel the three rows of taps, weighted and added: three taps are left, in
// row.scratch.
HWY_INLINE void add_tap_rows(const TapRow& row) {
  const std::size_t taps = static_cast<std::size_t>(3) * row.channels;
  float* out = row.scratch;
  for (int x = 0; x < row.low_width; ++x, out += taps) {
    const std::size_t at = 3 * taps * x;
    for_channels(static_cast<int>(taps), [&](auto d, int c) HWY_ATTR {
      auto sum = hn::Zero(d);
      for (int i = 0; i < 3; ++i) {
        const auto& source = row.rows[i];
        const float lower = source.weight * source.inside, upper = source.inside - lower;
        const std::size_t offset = at + i * taps + c;
        sum = hn::MulAdd(hn::LoadU(d, source.upper + offset), hn::Set(d, upper), sum);
        sum = hn::MulAdd(hn::LoadU(d, source.lower + offset), hn::Set(d, lower), sum);
      }
      hn::StoreU(sum, d, out + c);
    });
  }
}

inline void add_taps(const TapRow& row) {
  add_tap_rows(row);
  const int channels = row.channels, taps = 3 * channels;
  const auto at = [&](std::int32_t column, int tap)
                      HWY_ATTR { return row.scratch + column * taps + tap * channels; };
  float* out = row.out;
  for (int x = 0; x < row.width; ++x, out += channels) {
    const int begin = x == 0 ? 1 : 0, end = x + 1 == row.width ? 2 : 3;
    for_channels(channels, [&](auto d, int c) HWY_ATTR {
      auto sum = hn::LoadU(d, out + c);
      for (int j = begin; j < end; ++j) {
        const int column = x + j - 1;
        const auto left = hn::LoadU(d, at(row.columns.first[column], j) + c);
        const auto right = hn::LoadU(d, at(row.columns.second[column], j) + c);
        sum = hn::Add(sum, lerp(left, right, hn::Set(d, row.columns.weight[column])));
      }
      hn::StoreU(row.rectified ? hn::Max(sum, hn::Zero(d)) : sum, d, out + c);
    });
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace matting::engine
HWY_AFTER_NAMESPACE();

#endif
