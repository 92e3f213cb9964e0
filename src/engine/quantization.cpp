#include "engine/quantization.hpp"

#include <algorithm>
#include <cmath>

#include "engine/isa.hpp"
#include "engine/threads.hpp"

namespace matting::engine {
namespace {

constexpr float kLevels = 255;
constexpr float kLeastRange = 1e-6f;  // a channel that never differs from 0

// Rounds one output's weights to integers times their unit, which they keep.
void round_weights(float* weights, std::size_t count) {
  const float unit = weight_unit(weights, count), inverse = 1 / unit;
#pragma omp simd
  for (std::size_t i = 0; i < count; ++i) weights[i] = rounded(weights[i] * inverse) * unit;
}

}  // namespace

float weight_unit(const float* weights, std::size_t count) {
  float largest = 0;
#pragma omp simd reduction(max : largest)
  for (std::size_t i = 0; i < count; ++i) largest = std::max(largest, std::abs(weights[i]));
  if (largest == 0) return 1;
  return largest / (process_isa() >= Isa::kAvx512Vnni ? 127.0f : 63.0f);
}

QuantizedLayer::QuantizedLayer(const Layer& plain, const ChannelRanges& ranges,
                               const ChannelRanges* out)
    : layer(plain) {
  if (out) layer.activation = Activation::kNone;
  for (std::size_t c = 0; c < ranges.low.size(); ++c) {
    const float low = std::min(0.0f, ranges.low[c]), high = std::max(0.0f, ranges.high[c]);
    factor.push_back(kLevels / std::max(high - low, kLeastRange));
    zero.push_back(std::nearbyint(-low * factor.back()));
    padding.push_back(static_cast<std::uint8_t>(zero.back()));
  }
  const int taps = layer.kernel * layer.kernel, inputs = layer.in_channels / layer.groups;
  parallel_for(layer.out_channels, [&](int o, int) {
    float* const weights = layer.weights.data() + static_cast<std::size_t>(o) * inputs * taps;
    const float unit = out ? kLevels / std::max(out->high[o], kLeastRange) : 1.0f;
    const int first = layer.groups > 1 ? o : 0;  // of its input channels
    float bias = layer.bias[o] * unit;
    for (int i = 0; i < inputs; ++i) {
      const float share = unit / factor[first + i];
      for (int tap = 0; tap < taps; ++tap) weights[i * taps + tap] *= share;
    }
    round_weights(weights, static_cast<std::size_t>(inputs) * taps);
    for (int i = 0; i < inputs; ++i) {
      for (int tap = 0; tap < taps; ++tap) bias -= weights[i * taps + tap] * zero[first + i];
    }
    layer.bias[o] = bias;
  });
}

}  // namespace matting::engine
