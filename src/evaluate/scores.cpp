#include "evaluate/scores.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

namespace matting {
namespace {

std::string shape_text(const Plane& plane) {
  return std::to_string(plane.width) + "x" + std::to_string(plane.height) + "x" +
         std::to_string(plane.channels);
}

void check_same_shape(const Plane& predicted, const Plane& truth, int channels) {
  if (predicted.width == truth.width && predicted.height == truth.height &&
      predicted.channels == channels && truth.channels == channels && !truth.values.empty()) {
    return;
  }
  throw std::invalid_argument("cannot compare a picture of " + shape_text(predicted) +
                              " with a truth of " + shape_text(truth) + ": wanted one size and " +
                              std::to_string(channels) + " channels");
}

Plane clamped(Plane plane) {
  for (float& value : plane.values) value = std::clamp(value, 0.0f, 1.0f);
  return plane;
}

}  // namespace

MatteScores score_matte(const Plane& predicted, const Plane& truth) {
  check_same_shape(predicted, truth, 1);
  const Plane alpha = clamped(predicted);
  double absolute = 0, squared = 0;
  for (std::size_t i = 0; i < alpha.values.size(); ++i) {
    const double difference = double{alpha.values[i]} - truth.values[i];
    absolute += std::abs(difference);
    squared += difference * difference;
  }
  const auto count = static_cast<double>(alpha.values.size());
  MatteScores scores;
  scores.mad = 1e3 * absolute / count;
  scores.mse = 1e3 * squared / count;
  scores.sad = absolute / 1e3;
  scores.gradient = gradient_error(alpha, truth) / 1e3;
  scores.connectivity = connectivity_error(alpha, truth) / 1e3;
  return scores;
}

double foreground_mse(const Plane& predicted, const Plane& truth, const Plane& truth_alpha) {
  check_same_shape(predicted, truth, 3);
  if (truth_alpha.width != truth.width || truth_alpha.height != truth.height) {
    throw std::invalid_argument("cannot compare a foreground of " + shape_text(truth) +
                                " where the alpha is " + shape_text(truth_alpha));
  }
  double squared = 0;
  std::size_t count = 0;
  for (std::size_t pixel = 0; pixel < truth_alpha.values.size(); ++pixel) {
    if (truth_alpha.values[pixel] <= 0) continue;
    for (std::size_t i = 3 * pixel; i < 3 * pixel + 3; ++i) {
      const double difference = double{predicted.values[i]} - truth.values[i];
      squared += difference * difference;
    }
    count += 3;
  }
  return count == 0 ? 0 : 1e3 * squared / static_cast<double>(count);
}

}  // namespace matting
