// Measuring what the inputs of layers reach, for precision int8.
#ifndef MATTING_TESTS_ENGINE_CALIBRATION_HPP
#define MATTING_TESTS_ENGINE_CALIBRATION_HPP

#include "engine/network.hpp"
#include "infer_background_matting/image.hpp"

namespace matting::engine {

// Tensors "calibration.<layer>" of shape [2, channels], to be put beside a model's weights.
WeightMap calibration_tensors(const std::map<std::string, ChannelRanges>& ranges);

// Runs the base network in fp32 over pairs of pictures and keeps the range of every input channel
// of the layers that can be computed in integers. Some ten pairs like those the model will see are
// enough: their values beyond the ranges are clamped later.
class Calibration {
 public:
  // network must outlive this.
  explicit Calibration(const Network& network) : network_(network) {}

  // image and plate of one size, checked. scale: of the base network's input.
  void add(const ImageView& image, const ImageView& plate, double scale);

  WeightMap tensors() const { return calibration_tensors(ranges_); }

 private:
  const Network& network_;
  std::map<std::string, ChannelRanges> ranges_;
};

}  // namespace matting::engine

#endif  // MATTING_TESTS_ENGINE_CALIBRATION_HPP
