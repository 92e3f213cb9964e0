// A convolution in integers: 8-bit activations with a scale and a zero of their own in each
// channel, 8-bit weights with a scale for each output.
#ifndef MATTING_ENGINE_QUANTIZATION_HPP
#define MATTING_ENGINE_QUANTIZATION_HPP

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/layers.hpp"

namespace matting::engine {

// With x = (q - zero) / factor in each input channel, the scales move into the weights and the
// zeros into the bias, so that the convolution itself sees plain integers with one scale, 1. Where
// the image ends, 0 is the level `padding`: it must be there in the input explicitly, or what the
// bias takes away for it be added again, unless zeros are 0.
struct QuantizedLayer {
  // Ranges always include 0, which is then exact. out: what the layer's outputs reach, none below 0
  // (an activation cuts them there): then the layer puts out levels of these ranges, whose ends are
  // its activation. Null: it puts out real values.
  QuantizedLayer(const Layer& layer, const ChannelRanges& ranges,
                 const ChannelRanges* out = nullptr);

  Layer layer;
  std::vector<float> factor, zero;    // of each input channel
  std::vector<std::uint8_t> padding;  // zero as a level
};

// To the nearest integer, to even in ties, of values below 2^22; unlike std::nearbyint a vector
// operation everywhere.
inline float rounded(float value) noexcept {
  constexpr float kShift = 0x1.8p23f;
  return (value + kShift) - kShift;
}

// The unit in which these, the weights of one output, are integers: the largest has 8 bits. Without
// VNNI it has 7, since two products with 8-bit levels are added in 16 bits, which those cannot
// overflow ("Nuances of int8 computations" in oneDNN's guide).
float weight_unit(const float* weights, std::size_t count);

}  // namespace matting::engine

#endif  // MATTING_ENGINE_QUANTIZATION_HPP
