// The estimate of soft pixels under given distributions. Included once for each target.
#if defined(MATTING_PROJECTION_SOFT_ESTIMATE_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef MATTING_PROJECTION_SOFT_ESTIMATE_INL_HPP
#undef MATTING_PROJECTION_SOFT_ESTIMATE_INL_HPP
#else
#define MATTING_PROJECTION_SOFT_ESTIMATE_INL_HPP
#endif

#include <hwy/highway.h>

#include <algorithm>
#include <cmath>

#include "projection/power_of_two-inl.hpp"
#include "projection/soft_blocks-inl.hpp"
#include "projection/soft_kernels.hpp"

HWY_BEFORE_NAMESPACE();
namespace matting {
namespace HWY_NAMESPACE {

constexpr float kNetworkDeviation = 0.3f;  // of the network's alpha at soft edges

float clamp01(float x) {
  return std::min(std::max(x, 0.0f), 1.0f);
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

  void weigh(const float (&weights)[kSoftSteps + 1], int count);
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
  constexpr float kHalfLog2E = 0.5f * kLog2E;
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
void find_median(const Posterior& posterior, int count, Posterior::Values& median) {
  Posterior::Values half, below;
  std::fill_n(half, count, 0.0f);
  std::fill_n(below, count, 0.0f);
  std::fill_n(median, count, 1.0f);
  for (const auto& weights : posterior.likely) {
#pragma omp simd
    for (int i = 0; i < count; ++i) half[i] += 0.5f * weights[i];
  }
  for (int step = 0; step <= kSoftSteps; ++step) {
    const float start = static_cast<float>(step) - 0.5f;
    const auto& likely = posterior.likely[step];
#pragma omp simd
    for (int i = 0; i < count; ++i) {
      const float inside = (half[i] - below[i]) / likely[i];
      const float here = clamp01((start + inside) * (1.0f / kSoftSteps));
      median[i] = (inside > 0) & (inside <= 1) ? here : median[i];
      below[i] += likely[i];
    }
  }
}

void find_certainty(const Posterior& posterior, int count, Posterior::Values& certainty) {
  Posterior::Values sum, mean, square;
  for (auto* values : {&sum, &mean, &square}) std::fill_n(*values, count, 0.0f);
  for (int step = 0; step <= kSoftSteps; ++step) {
    const float alpha = static_cast<float>(step) / kSoftSteps;
    const auto& likely = posterior.likely[step];
#pragma omp simd
    for (int i = 0; i < count; ++i) {
      sum[i] += likely[i];
      mean[i] += alpha * likely[i];
      square[i] += alpha * alpha * likely[i];
    }
  }
  constexpr float kLeast = kLeastDeviation * kLeastDeviation;
#pragma omp simd
  for (int i = 0; i < count; ++i) {
    const float middle = mean[i] / sum[i];
    const float variance = std::max(kLeast, square[i] / sum[i] - middle * middle);
    certainty[i] = kLeastDeviation / std::sqrt(variance);
  }
}

void estimate_alpha(const SoftTerms& terms, const SoftPixels& pixels, int count, float* alpha,
                    float* certainty) {
  Posterior posterior;
  Posterior::Values median, sure;
  for (int first = 0; first < count; first += kTogether) {
    const SoftPixels p = pixels.from(first);
    const int here = std::min(kTogether, count - first), whole = whole_vectors(here);
    to_axes(terms.axes, p, whole, posterior);
    measure(terms, p.network, whole, posterior);
    posterior.weigh(terms.weight, whole);
    find_median(posterior, whole, median);
    find_certainty(posterior, whole, sure);
    std::copy_n(sure, here, certainty + first);
    for (int i = 0; i < here; ++i) {
      alpha[first + i] = p.network[i] + p.reach[i] * (median[i] - p.network[i]);
    }
  }
}

void update_foreground(const JointAxes& axes, const SoftPixels& p, int count, const float* alphas,
                       const Posterior& posterior, const RgbRow& foreground) {
  Posterior::Values along[3];
  // How far the most likely subject's colour is from the mean: along the axes, then in channels.
  for (int axis = 0; axis < 3; ++axis) {
    const float variance = axes.variance[axis];
#pragma omp simd
    for (int i = 0; i < count; ++i) {
      const float alpha = alphas[i], rest = 1 - alpha;
      const float unexplained =
          alpha * posterior.if_subject[axis][i] + rest * posterior.if_background[axis][i];
      along[axis][i] = alpha * variance * unexplained / (alpha * alpha * variance + rest * rest);
    }
  }
  float* const channels[3] = {foreground.red, foreground.green, foreground.blue};
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

void estimate_foreground(const SoftTerms& terms, const SoftPixels& pixels, int count,
                         const float* alpha, const RgbRow& foreground) {
  Posterior posterior;
  for (int first = 0; first < count; first += kTogether) {
    const SoftPixels p = pixels.from(first);
    const int here = std::min(kTogether, count - first);
    to_axes(terms.axes, p, whole_vectors(here), posterior);
    update_foreground(terms.axes, p, here, alpha + first, posterior, foreground.from(first));
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace matting
HWY_AFTER_NAMESPACE();

#endif  // toggle
