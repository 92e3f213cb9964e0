// A convolution in integers: 8-bit activations with a scale and a zero of their own in each channel,
// 8-bit weights with a scale for each output.
#ifndef MATTING_ENGINE_QUANTIZATION_HPP
#define MATTING_ENGINE_QUANTIZATION_HPP

#include <cstdint>
#include <vector>

#include "engine/layers.hpp"

namespace matting::engine {

// With x = (q - zero) / factor in each input channel, the scales move into the weights and the zeros
// into the bias, so that the convolution itself sees plain integers with one scale, 1. Where the
// image ends, 0 is the level `padding`, and so it must be there in the input explicitly.
struct QuantizedLayer {
  // Ranges always include 0, which is then exact.
  QuantizedLayer(const Layer& layer, const ChannelRanges& ranges);

  Layer layer;
  std::vector<float> factor, zero;    // of each input channel
  std::vector<std::uint8_t> padding;  // zero as a level
};

}  // namespace matting::engine

#endif  // MATTING_ENGINE_QUANTIZATION_HPP
