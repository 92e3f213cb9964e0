#include "projection/soft_model.hpp"

#include <algorithm>
#include <cmath>

namespace matting {
namespace {

constexpr float kOftenZero = 4, kOftenOne = 11;  // how much likelier than a value between
constexpr float kNoise = 0.008f * 0.008f;        // of either colour, per channel

void add_noise(const Spread& spread, Spread& out) {
  std::copy_n(spread, 6, out);
  for (const int diagonal : {0, 3, 5}) out[diagonal] += kNoise;
}

}  // namespace

SoftModel::SoftModel(const Spread& subject, const Spread& error) {
  Spread noisy_subject, noisy_error;
  add_noise(subject, noisy_subject);
  add_noise(error, noisy_error);
  terms_.axes = joint_axes(noisy_subject, noisy_error);
  for (int step = 0; step <= kSoftSteps; ++step) {
    const float alpha = static_cast<float>(step) / kSoftSteps;
    float determinant = 1;
    for (int axis = 0; axis < 3; ++axis) {
      const float variance = alpha * alpha * terms_.axes.variance[axis] + (1 - alpha) * (1 - alpha);
      terms_.precision[step][axis] = 1 / variance;
      determinant *= variance;
    }
    const float often = step == 0 ? kOftenZero : step == kSoftSteps ? kOftenOne : 1;
    terms_.weight[step] = often / std::sqrt(determinant);
  }
}

void SoftModel::estimate_alpha(const SoftPixels& pixels, int count, float* alpha,
                               float* certainty) const {
  process_soft_kernels().estimate_alpha(terms_, pixels, count, alpha, certainty);
}

void SoftModel::estimate_foreground(const SoftPixels& pixels, int count, const float* alpha,
                                    const RgbRow& foreground) const {
  process_soft_kernels().estimate_foreground(terms_, pixels, count, alpha, foreground);
}

}  // namespace matting
