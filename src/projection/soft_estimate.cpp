// Plain loops over pixels that the compiler turns into vectors. This file is compiled once for each
// target (SSE4, AVX2, AVX-512), like the engine's kernels.
#include "projection/soft_estimate.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "projection/soft_estimate.cpp"
#include <hwy/foreach_target.h>  // must come before highway.h
#include <hwy/highway.h>

#include <algorithm>
#include <cstdint>
#include <cstring>

HWY_BEFORE_NAMESPACE();
namespace matting {
namespace HWY_NAMESPACE {

constexpr float kNetworkDeviation = 0.3f;  // of the network's alpha at soft edges
constexpr int kTogether = 32;  // pixels, whose intermediate values stay in the nearest cache
static_assert(kTogether % kSoftMargin == 0);

float clamp01(float x) {
  return std::min(std::max(x, 0.0f), 1.0f);
}

// 2^x for x <= 0, within 0.02 %; what is too small becomes about 1e-38. Written out, since the
// compiler does not vectorise std::exp2.
inline float power_of_two(float x) {
  x = std::max(x, -125.0f);
  const auto whole = static_cast<std::int32_t>(x);
  const float part = x - static_cast<float>(whole);  // in (-1, 0]
  const float mantissa =
      1 + part * (0.69314718f + part * (0.24022651f + part * (0.0554906f + part * 0.00841127f)));
  const std::int32_t bits = (whole + 127) << 23;
  float scale;
  std::memcpy(&scale, &bits, sizeof scale);
  return scale * mantissa;
}

const float* channel(const RgbRow& row, int c) {
  return c == 0 ? row.red : c == 1 ? row.green : row.blue;
}

// Of up to kTogether pixels.
struct Posterior {
  using Values = float[kTogether];
  Values if_background[3], if_subject[3];  // along the axes: pixel minus background, minus subject
  Values squares[kSoftSteps + 1];          // Mahalanobis distance under each alpha, and the prior's
  Values likely[kSoftSteps + 1];           // weights, not normalised
  Values median;

  void weigh(const float (&weights)[kSoftSteps + 1], int count);
  void find_median(int count);
};

void to_axes(const JointAxes& axes, const SoftPixels& p, int count, Posterior& out) {
  for (int axis = 0; axis < 3; ++axis) {
    float* const background = out.if_background[axis];
    float* const subject = out.if_subject[axis];
    std::fill_n(background, count, 0.0f);
    std::fill_n(subject, count, 0.0f);
    for (int c = 0; c < 3; ++c) {
      const float weight = axes.to_axes[axis][c];
      const float *image = channel(p.image, c), *plate = channel(p.plate, c);
      const float *mean = channel(p.subject, c), *error = channel(p.plate_error, c);
#pragma omp simd
      for (int i = 0; i < count; ++i) {
        background[i] += weight * (image[i] - plate[i] - error[i]);
        subject[i] += weight * (image[i] - mean[i]);
      }
    }
  }
}

void measure(const SoftTerms& terms, const float* network, int count, Posterior& p) {
  for (int step = 0; step <= kSoftSteps; ++step) {
    const float alpha = static_cast<float>(step) / kSoftSteps, rest = 1 - alpha;
    const float* const precision = terms.precision[step];
    float* const squares = p.squares[step];
#pragma omp simd
    for (int i = 0; i < count; ++i) {
      const float x = alpha * p.if_subject[0][i] + rest * p.if_background[0][i];
      const float y = alpha * p.if_subject[1][i] + rest * p.if_background[1][i];
      const float z = alpha * p.if_subject[2][i] + rest * p.if_background[2][i];
      const float off = (alpha - network[i]) * (1 / kNetworkDeviation);
      squares[i] = x * x * precision[0] + y * y * precision[1] + z * z * precision[2] + off * off;
    }
  }
}

// Distances are taken relative to the least, so that one alpha at least is likely enough for float.
void Posterior::weigh(const float (&weights)[kSoftSteps + 1], int count) {
  constexpr float kHalfLog2E = 0.5f * 1.44269504f;
  Values least;
  std::copy_n(squares[0], count, least);
  for (const Values& square : squares) {
#pragma omp simd
    for (int i = 0; i < count; ++i) least[i] = std::min(least[i], square[i]);
  }
  for (int step = 0; step <= kSoftSteps; ++step) {
#pragma omp simd
    for (int i = 0; i < count; ++i) {
      likely[step][i] = weights[step] * power_of_two(kHalfLog2E * (least[i] - squares[step][i]));
    }
  }
}

// The alpha below which half of the weight lies; a step's weight is spread half a step to each
// side.
void Posterior::find_median(int count) {
  Values half, below;
  std::fill_n(half, count, 0.0f);
  std::fill_n(below, count, 0.0f);
  std::fill_n(median, count, 1.0f);
  for (const Values& weights : likely) {
#pragma omp simd
    for (int i = 0; i < count; ++i) half[i] += 0.5f * weights[i];
  }
  for (int step = 0; step <= kSoftSteps; ++step) {
    const float start = static_cast<float>(step) - 0.5f;
#pragma omp simd
    for (int i = 0; i < count; ++i) {
      const float inside = (half[i] - below[i]) / likely[step][i];
      const float here = clamp01((start + inside) * (1.0f / kSoftSteps));
      median[i] = (inside > 0) & (inside <= 1) ? here : median[i];
      below[i] += likely[step][i];
    }
  }
}

void update_alpha(const SoftPixels& p, int count, const Posterior& posterior) {
  for (int i = 0; i < count; ++i) p.alpha[i] += p.reach[i] * (posterior.median[i] - p.alpha[i]);
}

// Of the updated alpha.
void update_foreground(const JointAxes& axes, const SoftPixels& p, int count,
                       const Posterior& posterior) {
  Posterior::Values along[3];
  // How far the most likely subject's colour is from the mean: along the axes, then in channels.
  for (int axis = 0; axis < 3; ++axis) {
    const float variance = axes.variance[axis];
#pragma omp simd
    for (int i = 0; i < count; ++i) {
      const float alpha = p.alpha[i], rest = 1 - alpha;
      const float unexplained =
          alpha * posterior.if_subject[axis][i] + rest * posterior.if_background[axis][i];
      along[axis][i] = alpha * variance * unexplained / (alpha * alpha * variance + rest * rest);
    }
  }
  float* const channels[3] = {p.foreground.red, p.foreground.green, p.foreground.blue};
  for (int c = 0; c < 3; ++c) {
    const float* const from = axes.from_axes[c];
    const float* const mean = channel(p.subject, c);
    float* const front = channels[c];
#pragma omp simd
    for (int i = 0; i < count; ++i) {
      const float best =
          mean[i] + from[0] * along[0][i] + from[1] * along[1][i] + from[2] * along[2][i];
      front[i] += p.reach[i] * (clamp01(best) - front[i]);
    }
  }
}

void estimate_together(const SoftTerms& terms, const SoftPixels& pixels, int count) {
  // Whole vectors: a loop's last few pixels would each cost as much as a vector of them.
  const int whole = (count + kSoftMargin - 1) / kSoftMargin * kSoftMargin;
  Posterior posterior;
  to_axes(terms.axes, pixels, whole, posterior);
  measure(terms, pixels.alpha, whole, posterior);
  posterior.weigh(terms.weight, whole);
  posterior.find_median(whole);
  update_alpha(pixels, count, posterior);
  if (pixels.foreground.red) update_foreground(terms.axes, pixels, count, posterior);
}

void estimate(const SoftTerms& terms, const SoftPixels& pixels, int count) {
  for (int first = 0; first < count; first += kTogether) {
    estimate_together(terms, pixels.from(first), std::min(kTogether, count - first));
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace matting
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace matting {
namespace {

RgbRow row_from(const RgbRow& row, int first) {
  if (!row.red) return row;
  return {row.red + first, row.green + first, row.blue + first};
}

}  // namespace

SoftPixels SoftPixels::from(int first) const {
  return {row_from(image, first),       row_from(plate, first), row_from(subject, first),
          row_from(plate_error, first), reach + first,          alpha + first,
          row_from(foreground, first)};
}

SoftEstimate soft_estimate_for(engine::Isa isa) {
#if HWY_TARGETS & HWY_AVX3
  if (isa >= engine::Isa::kAvx512) return N_AVX3::estimate;
#endif
#if HWY_TARGETS & HWY_AVX2
  if (isa >= engine::Isa::kAvx2) return N_AVX2::estimate;
#endif
#if HWY_TARGETS & HWY_SSE4
  if (isa >= engine::Isa::kSse41) return N_SSE4::estimate;
#endif
  return HWY_STATIC_DISPATCH(estimate);
}

}  // namespace matting
#endif
