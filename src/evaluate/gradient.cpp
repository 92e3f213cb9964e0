#include <algorithm>
#include <cmath>

#include "evaluate/scores.hpp"

namespace matting {
namespace {

constexpr double kSigma = 1.4;
constexpr int kRadius = 4;  // where the Gaussian falls below 1e-2, as the benchmark cuts it off

struct Filters {
  double smooth[2 * kRadius + 1];
  double derivative[2 * kRadius + 1];
};

// The two-dimensional filter smooth(y) * derivative(x) has unit energy; the scale goes into the
// derivative.
Filters make_filters() {
  Filters filters;
  double smooth_energy = 0, derivative_energy = 0;
  for (int i = -kRadius; i <= kRadius; ++i) {
    const double gauss =
        std::exp(-i * i / (2 * kSigma * kSigma)) / (kSigma * std::sqrt(2 * std::acos(-1.0)));
    filters.smooth[i + kRadius] = gauss;
    filters.derivative[i + kRadius] = -i * gauss / (kSigma * kSigma);
    smooth_energy += gauss * gauss;
    derivative_energy += std::pow(filters.derivative[i + kRadius], 2);
  }
  for (double& value : filters.derivative) value /= std::sqrt(smooth_energy * derivative_energy);
  return filters;
}

enum class Axis { kX, kY };

// One pass along an axis, edges replicated.
std::vector<double> filtered(const std::vector<double>& source, int width, int height, Axis axis,
                             const double* taps) {
  std::vector<double> result(source.size());
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      double sum = 0;
      for (int i = -kRadius; i <= kRadius; ++i) {
        const int sx = axis == Axis::kX ? std::clamp(x + i, 0, width - 1) : x;
        const int sy = axis == Axis::kY ? std::clamp(y + i, 0, height - 1) : y;
        sum += taps[i + kRadius] * source[static_cast<std::size_t>(sy) * width + sx];
      }
      result[static_cast<std::size_t>(y) * width + x] = sum;
    }
  }
  return result;
}

std::vector<double> magnitude(const Plane& plane) {
  static const Filters filters = make_filters();
  const std::vector<double> values(plane.values.begin(), plane.values.end());
  const int width = plane.width, height = plane.height;
  const auto along_x = filtered(filtered(values, width, height, Axis::kX, filters.derivative),
                                width, height, Axis::kY, filters.smooth);
  auto result = filtered(filtered(values, width, height, Axis::kY, filters.derivative), width,
                         height, Axis::kX, filters.smooth);
  for (std::size_t i = 0; i < result.size(); ++i) result[i] = std::hypot(result[i], along_x[i]);
  return result;
}

}  // namespace

double gradient_error(const Plane& predicted, const Plane& truth) {
  const auto found = magnitude(predicted);
  const auto wanted = magnitude(truth);
  double sum = 0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    sum += (found[i] - wanted[i]) * (found[i] - wanted[i]);
  }
  return sum;
}

}  // namespace matting
