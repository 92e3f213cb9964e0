// Measuring what the inputs of layers reach, for precision int8.
#ifndef MATTING_TESTS_ENGINE_CALIBRATION_HPP
#define MATTING_TESTS_ENGINE_CALIBRATION_HPP

#include "engine/network.hpp"
#include "infer_background_matting/image.hpp"

namespace matting::engine {

// Tensors "calibration.<layer>" of shape [2, channels], to be put beside a model's weights.
WeightMap calibration_tensors(const std::map<std::string, ChannelRanges>& ranges);

// Those of the range of every input channel of the layers that can be computed in integers, over
// one pair of pictures of one size in fp32. scale: of the base network's input.
WeightMap calibration_of(const Network& network, const ImageView& image, const ImageView& plate,
                         double scale);

}  // namespace matting::engine

#endif  // MATTING_TESTS_ENGINE_CALIBRATION_HPP
