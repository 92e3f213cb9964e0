// How many pixels loops take at a time. Included once for each target.
#if defined(MATTING_PROJECTION_SOFT_BLOCKS_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef MATTING_PROJECTION_SOFT_BLOCKS_INL_HPP
#undef MATTING_PROJECTION_SOFT_BLOCKS_INL_HPP
#else
#define MATTING_PROJECTION_SOFT_BLOCKS_INL_HPP
#endif

#include <hwy/highway.h>

#include "projection/soft_kernels.hpp"

HWY_BEFORE_NAMESPACE();
namespace matting {
namespace HWY_NAMESPACE {

constexpr int kTogether = 32;  // pixels, whose intermediate values stay in the nearest cache
static_assert(kTogether % kSoftMargin == 0);

// Whole vectors: a loop's last few pixels would each cost as much as a vector of them.
inline int whole_vectors(int count) {
  return (count + kSoftMargin - 1) / kSoftMargin * kSoftMargin;
}

}  // namespace HWY_NAMESPACE
}  // namespace matting
HWY_AFTER_NAMESPACE();

#endif  // toggle
