// Plain loops over pixels that the compiler turns into vectors. This file is compiled once for each
// target (SSE4, AVX2, AVX-512), like the engine's kernels.
#include "projection/soft_smoothing.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "projection/soft_smoothing.cpp"
#include <hwy/foreach_target.h>  // must come before highway.h
#include <hwy/highway.h>

#include <algorithm>
#include <cmath>

#include "projection/power_of_two-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace matting {
namespace HWY_NAMESPACE {

constexpr float kAlike = 0.05f;  // distance of colours that still look alike
constexpr float kNear = 2;       // pixels: deviation of the nearness
constexpr int kAtOnce = 32;      // pixels, whose sums stay in the nearest cache
constexpr int kWhole = 8;        // a loop's last few pixels would cost as much as a whole vector
static_assert(kAtOnce % kWhole == 0 && kWhole < kSmoothMargin);

struct Sums {
  float weighted[kAtOnce], weight[kAtOnce];
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
  for (int first = 0; first < count; first += kAtOnce) {
    const int here = std::min(kAtOnce, count - first);
    const int whole = (here + kWhole - 1) / kWhole * kWhole;
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

#if HWY_ONCE
namespace matting {

SoftSmoothing soft_smoothing_for(engine::Isa isa) {
#if HWY_TARGETS & HWY_AVX3
  if (isa >= engine::Isa::kAvx512) return N_AVX3::smooth;
#endif
#if HWY_TARGETS & HWY_AVX2
  if (isa >= engine::Isa::kAvx2) return N_AVX2::smooth;
#endif
#if HWY_TARGETS & HWY_SSE4
  if (isa >= engine::Isa::kSse41) return N_SSE4::smooth;
#endif
  return HWY_STATIC_DISPATCH(smooth);
}

}  // namespace matting
#endif
