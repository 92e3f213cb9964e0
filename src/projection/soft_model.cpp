#include "projection/soft_model.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>

namespace matting {
namespace {

constexpr float kNetworkDeviation = 0.3f;        // of the network's alpha at soft edges
constexpr float kOftenZero = 4, kOftenOne = 11;  // how much likelier than a value between
constexpr float kNoise = 0.015f * 0.015f;        // of either colour, per channel
constexpr int kTogether = 32;  // pixels, whose intermediate values stay in the nearest cache
static_assert(kTogether % SoftModel::kMargin == 0);

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

RgbRow row_from(const RgbRow& row, int first) {
  if (!row.red) return row;
  return {row.red + first, row.green + first, row.blue + first};
}

void add_noise(const Spread& spread, Spread& out) {
  std::copy_n(spread, 6, out);
  for (const int diagonal : {0, 3, 5}) out[diagonal] += kNoise;
}

}  // namespace

// Of up to kTogether pixels.
struct SoftModel::Posterior {
  using Values = float[kTogether];
  Values if_background[3], if_subject[3];  // along the axes: pixel minus background, minus subject
  Values squares[kSteps + 1];              // Mahalanobis distance under each alpha, and the prior's
  Values likely[kSteps + 1];               // weights, not normalised
  Values median;

  void weigh(const float (&weights)[kSteps + 1], int count);
  void find_median(int count);
};

SoftModel::Pixels SoftModel::Pixels::from(int first) const {
  return {row_from(image, first),       row_from(plate, first), row_from(subject, first),
          row_from(plate_error, first), reach + first,          alpha + first,
          row_from(foreground, first)};
}

SoftModel::SoftModel(const Spread& subject, const Spread& error) {
  Spread noisy_subject, noisy_error;
  add_noise(subject, noisy_subject);
  add_noise(error, noisy_error);
  axes_ = joint_axes(noisy_subject, noisy_error);
  for (int step = 0; step <= kSteps; ++step) {
    const float alpha = static_cast<float>(step) / kSteps;
    float determinant = 1;
    for (int axis = 0; axis < 3; ++axis) {
      const float variance = alpha * alpha * axes_.variance[axis] + (1 - alpha) * (1 - alpha);
      precision_[step][axis] = 1 / variance;
      determinant *= variance;
    }
    const float often = step == 0 ? kOftenZero : step == kSteps ? kOftenOne : 1;
    weight_[step] = often / std::sqrt(determinant);
  }
}

void SoftModel::to_axes(const Pixels& p, int count, Posterior& out) const {
  for (int axis = 0; axis < 3; ++axis) {
    float* const background = out.if_background[axis];
    float* const subject = out.if_subject[axis];
    std::fill_n(background, count, 0.0f);
    std::fill_n(subject, count, 0.0f);
    for (int c = 0; c < 3; ++c) {
      const float weight = axes_.to_axes[axis][c];
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

void SoftModel::measure(const float* network, int count, Posterior& p) const {
  for (int step = 0; step <= kSteps; ++step) {
    const float alpha = static_cast<float>(step) / kSteps, rest = 1 - alpha;
    const float* const precision = precision_[step];
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
void SoftModel::Posterior::weigh(const float (&weights)[kSteps + 1], int count) {
  constexpr float kHalfLog2E = 0.5f * 1.44269504f;
  Values least;
  std::copy_n(squares[0], count, least);
  for (const Values& square : squares) {
#pragma omp simd
    for (int i = 0; i < count; ++i) least[i] = std::min(least[i], square[i]);
  }
  for (int step = 0; step <= kSteps; ++step) {
#pragma omp simd
    for (int i = 0; i < count; ++i) {
      likely[step][i] = weights[step] * power_of_two(kHalfLog2E * (least[i] - squares[step][i]));
    }
  }
}

// The alpha below which half of the weight lies; a step's weight is spread half a step to each
// side.
void SoftModel::Posterior::find_median(int count) {
  Values half, below;
  std::fill_n(half, count, 0.0f);
  std::fill_n(below, count, 0.0f);
  std::fill_n(median, count, 1.0f);
  for (const Values& weights : likely) {
#pragma omp simd
    for (int i = 0; i < count; ++i) half[i] += 0.5f * weights[i];
  }
  for (int step = 0; step <= kSteps; ++step) {
    const float start = static_cast<float>(step) - 0.5f;
#pragma omp simd
    for (int i = 0; i < count; ++i) {
      const float inside = (half[i] - below[i]) / likely[step][i];
      const float here = clamp01((start + inside) * (1.0f / kSteps));
      median[i] = (inside > 0) & (inside <= 1) ? here : median[i];
      below[i] += likely[step][i];
    }
  }
}

void SoftModel::update_alpha(const Pixels& p, int count, const Posterior& posterior) const {
  for (int i = 0; i < count; ++i) p.alpha[i] += p.reach[i] * (posterior.median[i] - p.alpha[i]);
}

// Of the updated alpha.
void SoftModel::update_foreground(const Pixels& p, int count, const Posterior& posterior) const {
  Posterior::Values along[3];
  // How far the most likely subject's colour is from the mean: along the axes, then in channels.
  for (int axis = 0; axis < 3; ++axis) {
    const float variance = axes_.variance[axis];
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
    const float* const from = axes_.from_axes[c];
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

void SoftModel::estimate_together(const Pixels& pixels, int count) const {
  // Whole vectors: a loop's last few pixels would each cost as much as a vector of them.
  const int whole = (count + kMargin - 1) / kMargin * kMargin;
  Posterior posterior;
  to_axes(pixels, whole, posterior);
  measure(pixels.alpha, whole, posterior);
  posterior.weigh(weight_, whole);
  posterior.find_median(whole);
  update_alpha(pixels, count, posterior);
  if (pixels.foreground.red) update_foreground(pixels, count, posterior);
}

void SoftModel::estimate(const Pixels& pixels, int count) const {
  for (int first = 0; first < count; first += kTogether) {
    estimate_together(pixels.from(first), std::min(kTogether, count - first));
  }
}

}  // namespace matting
