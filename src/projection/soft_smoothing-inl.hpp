// Alpha averaged over neighbours that look alike. Included once for each target.
#if defined(MATTING_PROJECTION_SOFT_SMOOTHING_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef MATTING_PROJECTION_SOFT_SMOOTHING_INL_HPP
#undef MATTING_PROJECTION_SOFT_SMOOTHING_INL_HPP
#else
#define MATTING_PROJECTION_SOFT_SMOOTHING_INL_HPP
#endif

#include <hwy/highway.h>

#include <algorithm>

#include "projection/power_of_two-inl.hpp"
#include "projection/soft_blocks-inl.hpp"
#include "projection/soft_kernels.hpp"

HWY_BEFORE_NAMESPACE();
namespace matting {
namespace HWY_NAMESPACE {

constexpr float kAlike = 0.05f;  // distance of colours that still look alike
constexpr float kNear = 2;       // pixels: deviation of the nearness

struct Sums {
  float weighted[kTogether], weight[kTogether];
};

// One neighbour of each pixel; `to` is its distance in the row.
void add_neighbour(const SoftRows& rows, int row, int to, int first, int count, Sums& sums) {
  const RgbRow &here = rows.image[1], &there = rows.image[row];
  const float* const alpha = rows.alpha[row] + first + to;
  const float* const certainty = rows.certainty[row] + first + to;
  const float *r = here.red + first, *g = here.green + first, *b = here.blue + first;
  const float *r2 = there.red + first + to, *g2 = there.green + first + to;
  const float* b2 = there.blue + first + to;
  const int steps = (row != 1) + (to != 0);  // squared distance
  const float nearness = -kLog2E * static_cast<float>(steps) / (2 * kNear * kNear);
  constexpr float kRange = -kLog2E / (kAlike * kAlike);
#pragma omp simd
  for (int i = 0; i < count; ++i) {
    const float red = r[i] - r2[i], green = g[i] - g2[i], blue = b[i] - b2[i];
    const float off = red * red + green * green + blue * blue;
    const float weight = certainty[i] * certainty[i] * power_of_two(kRange * off + nearness);
    sums.weighted[i] += weight * alpha[i];
    sums.weight[i] += weight;
  }
}

void smooth(const SoftRows& rows, int count, float* alpha) {
  for (int first = 0; first < count; first += kTogether) {
    const int here = std::min(kTogether, count - first);
    const int whole = whole_vectors(here);
    Sums sums = {};
    for (int row = 0; row < 3; ++row) {
      for (int to = -1; to <= 1; ++to) add_neighbour(rows, row, to, first, whole, sums);
    }
    for (int i = 0; i < here; ++i) alpha[first + i] = sums.weighted[i] / sums.weight[i];
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace matting
HWY_AFTER_NAMESPACE();

#endif  // toggle
