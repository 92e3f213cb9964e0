// A convolution by its definition, one output at a time: what the fast ones are tested against.
#ifndef MATTING_TESTS_ENGINE_DEFINED_CONVOLUTION_HPP
#define MATTING_TESTS_ENGINE_DEFINED_CONVOLUTION_HPP

#include <algorithm>
#include <vector>

#include "engine/onednn.hpp"

namespace matting::engine {

inline float activated(Activation activation, float value) {
  if (activation == Activation::kRelu) return std::max(value, 0.0f);
  return activation == Activation::kRelu6 ? std::clamp(value, 0.0f, 6.0f) : value;
}

// Output o of the pixel (y, x), before the activation. map: shape's input, physical channels.
inline float defined_sum(const Layer& layer, const ConvolutionShape& shape,
                         const std::vector<float>& map, int y, int x, int o) {
  const int inputs = layer.in_channels / layer.groups;
  const int first = o / (layer.out_channels / layer.groups) * inputs;
  const int taps = layer.kernel * layer.kernel;
  double sum = layer.bias[o];
  for (int tap = 0; tap < taps; ++tap) {
    const int v = y * layer.stride + tap / layer.kernel * layer.dilation - shape.pad_top;
    const int u = x * layer.stride + tap % layer.kernel * layer.dilation - shape.pad_columns;
    if (v < 0 || v >= shape.height || u < 0 || u >= shape.width) continue;
    const float* pixel = map.data() + (v * shape.width + u) * shape.in_channels + first;
    const float* weights = layer.weights.data() + o * inputs * taps + tap;
    for (int i = 0; i < inputs; ++i) sum += static_cast<double>(weights[i * taps]) * pixel[i];
  }
  return static_cast<float>(sum);
}

}  // namespace matting::engine

#endif  // MATTING_TESTS_ENGINE_DEFINED_CONVOLUTION_HPP
