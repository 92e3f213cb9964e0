// Measuring what the decoder's inputs reach, for precision int8.
#ifndef MATTING_TESTS_ENGINE_CALIBRATION_HPP
#define MATTING_TESTS_ENGINE_CALIBRATION_HPP

#include "engine/network.hpp"
#include "infer_background_matting/image.hpp"

namespace matting::engine {

// Runs the base network in fp32 over pairs of pictures and keeps the range of every input channel
// of decoder.conv1 to decoder.conv4. Some ten pairs like those the model will see are enough: their
// values beyond the ranges are clamped later.
class Calibration {
 public:
  // network must outlive this.
  explicit Calibration(const Network& network) : network_(network) {}

  // image and plate of one size, checked. scale: of the base network's input.
  void add(const ImageView& image, const ImageView& plate, double scale);

  // Tensors "calibration.<layer>" of shape [2, channels], to be put beside the model's weights.
  WeightMap tensors() const;

 private:
  const Network& network_;
  std::map<std::string, ChannelRanges> ranges_;
};

}  // namespace matting::engine

#endif  // MATTING_TESTS_ENGINE_CALIBRATION_HPP
