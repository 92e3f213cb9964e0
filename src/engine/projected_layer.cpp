#include "engine/projected_layer.hpp"

#include <algorithm>

#include "engine/feature_map.hpp"

namespace matting::engine {
namespace {

constexpr int kTaps = 9;

}  // namespace

ProjectedLayer::ProjectedLayer(const Layer& layer, int low_channels)
    : skip(layer), pitch(physical(layer.out_channels)) {
  low.name = layer.name + ", low part";
  low.in_channels = low_channels;
  low.out_channels = kTaps * pitch;
  low.weights.assign(static_cast<std::size_t>(low.out_channels) * low_channels, 0.0f);
  low.bias.assign(low.out_channels, 0.0f);
  skip.name = layer.name + ", skip part";
  skip.in_channels = layer.in_channels - low_channels;
  skip.activation = Activation::kNone;
  skip.weights.clear();
  const float* from = layer.weights.data();
  for (int o = 0; o < layer.out_channels; ++o) {
    for (int i = 0; i < low_channels; ++i, from += kTaps) {
      for (int tap = 0; tap < kTaps; ++tap) {
        low.weights[static_cast<std::size_t>(tap * pitch + o) * low_channels + i] = from[tap];
      }
    }
    const float* const end = from + static_cast<std::ptrdiff_t>(skip.in_channels) * kTaps;
    skip.weights.insert(skip.weights.end(), from, end);
    from = end;
  }
}

Layer outputs_of(const Layer& layer, int first, int count) {
  Layer part = layer;
  part.name += ", outputs from " + std::to_string(first);
  part.out_channels = count;
  const auto per_output = static_cast<std::ptrdiff_t>(layer.weights.size()) / layer.out_channels;
  const auto weights = layer.weights.begin() + first * per_output;
  part.weights.assign(weights, weights + count * per_output);
  part.bias.assign(layer.bias.begin() + first, layer.bias.begin() + first + count);
  return part;
}

}  // namespace matting::engine
