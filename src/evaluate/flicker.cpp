#include "evaluate/flicker.hpp"

#include <cmath>
#include <stdexcept>

namespace matting {
namespace {

bool same_shape(const Plane& a, const Plane& b) {
  return a.width == b.width && a.height == b.height && a.channels == b.channels;
}

}  // namespace

void Flicker::add(const Plane& alpha, const Plane& truth) {
  const bool fits = same_shape(alpha, truth) && (frames_ == 0 || same_shape(alpha, last_error_));
  if (!fits || alpha.channels != 1 || alpha.values.empty()) {
    throw std::invalid_argument(
        "cannot measure flicker: wanted alpha and truth of one size through the whole clip");
  }
  // The difference of the changes is the change of the difference.
  Plane error = alpha;
  double squared = 0;
  for (std::size_t i = 0; i < error.values.size(); ++i) {
    error.values[i] -= truth.values[i];
    if (frames_ == 0) continue;
    const double change = double{error.values[i]} - last_error_.values[i];
    squared += change * change;
  }
  if (frames_ > 0) sum_ += std::sqrt(squared / static_cast<double>(error.values.size()));
  last_error_ = std::move(error);
  ++frames_;
}

double Flicker::dtssd() const {
  return frames_ < 2 ? 0 : 100 * sum_ / (frames_ - 1);
}

}  // namespace matting
