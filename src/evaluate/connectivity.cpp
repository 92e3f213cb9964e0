#include <algorithm>
#include <cmath>
#include <cstdint>

#include "evaluate/scores.hpp"

namespace matting {
namespace {

constexpr int kSteps = 10;
constexpr double kTolerated = 0.15;
// A value that stands on a threshold counts as above it, whatever its rounding.
constexpr double kSlack = 1e-6;

// Regions of a mask, connected over the four sides of a pixel.
class Regions {
 public:
  Regions(int width, int height) : width_(width), height_(height) {}

  // Leaves 1 for the pixels of the largest region and 0 for all others; of equal ones the first in
  // reading order stays.
  void keep_largest(std::vector<std::uint8_t>& mask) {
    std::vector<std::size_t> largest;
    for (std::size_t start = 0; start < mask.size(); ++start) {
      if (mask[start] != 1) continue;
      collect(mask, start);
      if (region_.size() > largest.size()) largest.swap(region_);
    }
    std::fill(mask.begin(), mask.end(), std::uint8_t{0});
    for (const std::size_t pixel : largest) mask[pixel] = 1;
  }

 private:
  // The region around start into region_; its pixels become 2.
  void collect(std::vector<std::uint8_t>& mask, std::size_t start) {
    const auto width = static_cast<std::size_t>(width_);
    region_.assign(1, start);
    mask[start] = 2;
    for (std::size_t next = 0; next < region_.size(); ++next) {
      const std::size_t pixel = region_[next];
      const std::size_t x = pixel % width;
      if (x > 0) visit(mask, pixel - 1);
      if (x + 1 < width) visit(mask, pixel + 1);
      if (pixel >= width) visit(mask, pixel - width);
      if (pixel + width < width * static_cast<std::size_t>(height_)) visit(mask, pixel + width);
    }
  }
  void visit(std::vector<std::uint8_t>& mask, std::size_t pixel) {
    if (mask[pixel] != 1) return;
    mask[pixel] = 2;
    region_.push_back(pixel);
  }

  int width_, height_;
  std::vector<std::size_t> region_;
};

// l of the header's formula for each pixel.
std::vector<double> connected_levels(const Plane& predicted, const Plane& truth) {
  const std::size_t count = truth.values.size();
  std::vector<double> levels(count, -1);
  std::vector<std::uint8_t> mask(count);
  Regions regions(truth.width, truth.height);
  for (int step = 1; step <= kSteps; ++step) {
    const double threshold = static_cast<double>(step) / kSteps - kSlack;
    for (std::size_t i = 0; i < count; ++i) {
      mask[i] = predicted.values[i] >= threshold && truth.values[i] >= threshold;
    }
    regions.keep_largest(mask);
    for (std::size_t i = 0; i < count; ++i) {
      if (levels[i] < 0 && mask[i] == 0) levels[i] = static_cast<double>(step - 1) / kSteps;
    }
  }
  for (double& level : levels) {
    if (level < 0) level = 1;
  }
  return levels;
}

double distance_beyond(double alpha, double level) {
  const double distance = alpha - level;
  return distance >= kTolerated ? distance : 0;
}

}  // namespace

double connectivity_error(const Plane& predicted, const Plane& truth) {
  const auto levels = connected_levels(predicted, truth);
  double sum = 0;
  for (std::size_t i = 0; i < levels.size(); ++i) {
    sum += std::abs(distance_beyond(predicted.values[i], levels[i]) -
                    distance_beyond(truth.values[i], levels[i]));
  }
  return sum;
}

}  // namespace matting
