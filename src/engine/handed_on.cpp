#include "engine/handed_on.hpp"

#include <cmath>

namespace matting::engine {
namespace {

constexpr int kCarried = 4;  // alpha and foreground
// BatchNorm that does nothing still divides by sqrt(1 + 1e-5), which takes 5e-6 off.
constexpr float kEpsilon = 1e-5f;

bool is(float value, float wanted) {
  return wanted == 0 ? value == 0 : std::abs(value - wanted) <= kEpsilon;
}

// Outputs c < kCarried are input first_input + c, plus alpha_offset (c is 0) or color_offset.
bool carries(const Layer& layer, int first_input, float alpha_offset, float color_offset) {
  const int taps = layer.kernel * layer.kernel;
  const float* weight = layer.weights.data();
  for (int c = 0; c < kCarried; ++c) {
    if (!is(layer.bias[c], c == 0 ? alpha_offset : color_offset)) return false;
    for (int i = 0; i < layer.in_channels; ++i) {
      for (int tap = 0; tap < taps; ++tap, ++weight) {
        const bool passes = i == first_input + c && tap == taps / 2;
        if (!is(*weight, passes ? 1.0f : 0.0f)) return false;
      }
    }
  }
  return true;
}

}  // namespace

// The foreground, a difference from the image, is 1 more between the first convolution and the
// last, so that ReLU lets it through. What ReLU still cuts, below -1, is black with any image.
bool hands_on(const Layers& layers) {
  if (!layers.has_refiner()) return false;
  return carries(layers.at("refiner.conv1"), kCoarseHidden, 0, 1) &&
         carries(layers.at("refiner.conv2"), 0, 0, 0) &&
         carries(layers.at("refiner.conv3"), 0, 0, 0) &&
         carries(layers.at("refiner.conv4"), 0, 0, -1);
}

}  // namespace matting::engine
