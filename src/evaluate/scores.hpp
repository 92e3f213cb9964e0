// How far a matte is from the truth: the metrics of the field, in its usual scalings.
#ifndef MATTING_EVALUATE_SCORES_HPP
#define MATTING_EVALUATE_SCORES_HPP

#include <optional>

#include "evaluate/plane.hpp"

namespace matting {

// Lower is better everywhere. Over the whole image; gradient and connectivity are sums, so compare
// them at equal sizes only.
struct MatteScores {
  double mad = 0;           // mean absolute difference of alpha, x 1e3
  double mse = 0;           // mean squared difference of alpha, x 1e3
  double sad = 0;           // sum of absolute differences, / 1e3
  double gradient = 0;      // Grad / 1e3, see gradient_error
  double connectivity = 0;  // Conn / 1e3, see connectivity_error
  std::optional<double> foreground_mse;  // where the true alpha > 0, mean over RGB, x 1e3
};

// predicted and truth: one channel, of one size (std::invalid_argument otherwise). predicted is
// clamped to 0..1. Definitions: Rhemann et al., "A perceptually motivated online benchmark for image
// matting", CVPR 2009, as in the eval folder of PeterL1n/BackgroundMattingV2, without its min-max
// stretch of each matte before Grad.
MatteScores score_matte(const Plane& predicted, const Plane& truth);

// Foreground MSE alone; three channels each, truth_alpha one. 0 where no pixel has alpha > 0.
double foreground_mse(const Plane& predicted, const Plane& truth, const Plane& truth_alpha);

// Sum of the squared differences of the magnitudes of the two gradients, each by Gaussian derivative
// filters with sigma 1.4, normalised to unit energy, edges replicated.
double gradient_error(const Plane& predicted, const Plane& truth);

// Sum of |phi(predicted) - phi(truth)|, phi(a) = 1 - d [d >= 0.15], d = a - l, where l is the highest
// threshold (in steps of 0.1) at which the pixel still belongs to the largest 4-connected region that
// both mattes have above that threshold.
double connectivity_error(const Plane& predicted, const Plane& truth);

}  // namespace matting

#endif  // MATTING_EVALUATE_SCORES_HPP
