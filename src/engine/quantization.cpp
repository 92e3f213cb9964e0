#include "engine/quantization.hpp"

#include <algorithm>
#include <cmath>

namespace matting::engine {
namespace {

constexpr float kLevels = 255, kWeightLevels = 127;
constexpr float kLeastRange = 1e-6f;  // a channel that never differs from 0

// Rounds one output's weights to integers times one scale, which they keep.
void round_weights(float* weights, std::size_t count) {
  float largest = 0;
  for (std::size_t i = 0; i < count; ++i) largest = std::max(largest, std::abs(weights[i]));
  if (largest == 0) return;
  const float scale = largest / kWeightLevels;
  for (std::size_t i = 0; i < count; ++i) weights[i] = std::nearbyint(weights[i] / scale) * scale;
}

}  // namespace

QuantizedLayer::QuantizedLayer(const Layer& plain, const ChannelRanges& ranges) : layer(plain) {
  for (std::size_t c = 0; c < ranges.low.size(); ++c) {
    const float low = std::min(0.0f, ranges.low[c]), high = std::max(0.0f, ranges.high[c]);
    factor.push_back(kLevels / std::max(high - low, kLeastRange));
    zero.push_back(std::nearbyint(-low * factor.back()));
    padding.push_back(static_cast<std::uint8_t>(zero.back()));
  }
  const std::size_t taps = static_cast<std::size_t>(layer.kernel) * layer.kernel;
  const std::size_t per_output = taps * layer.in_channels;
  for (int o = 0; o < layer.out_channels; ++o) {
    float* weights = layer.weights.data() + o * per_output;
    for (std::size_t i = 0; i < per_output; ++i) weights[i] /= factor[i / taps];
    round_weights(weights, per_output);
    for (std::size_t i = 0; i < per_output; ++i) layer.bias[o] -= weights[i] * zero[i / taps];
  }
}

}  // namespace matting::engine
