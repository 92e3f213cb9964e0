#include "engine/resample.hpp"

#include <algorithm>

namespace matting::engine {

BilinearAxis bilinear_axis(int input, int output, int real) {
  BilinearAxis axis;
  const float scale = static_cast<float>(input) / static_cast<float>(output);
  for (int i = 0; i < output; ++i) {
    const float at = std::max(0.0f, (static_cast<float>(i) + 0.5f) * scale - 0.5f);
    const int first = std::min(static_cast<int>(at), input - 1);
    const int second = std::min(first + 1, input - 1);
    axis.first.push_back(std::min(first, real - 1));
    axis.second.push_back(std::min(second, real - 1));
    axis.weight.push_back(at - static_cast<float>(first));
  }
  return axis;
}

}  // namespace matting::engine
