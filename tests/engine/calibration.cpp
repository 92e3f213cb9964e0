#include "engine/calibration.hpp"

#include "engine/base_plan.hpp"
#include "engine/geometry.hpp"
#include "engine/input.hpp"

namespace matting::engine {

WeightMap calibration_tensors(const std::map<std::string, ChannelRanges>& ranges) {
  WeightMap tensors;
  for (const auto& [name, range] : ranges) {
    Tensor& tensor = tensors[kCalibrationPrefix + name];
    tensor.shape = {2, static_cast<std::int64_t>(range.low.size())};
    tensor.values = range.low;
    tensor.values.insert(tensor.values.end(), range.high.begin(), range.high.end());
  }
  return tensors;
}

WeightMap calibration_of(const Network& network, const ImageView& image, const ImageView& plate,
                         double scale) {
  NetworkSettings settings;
  settings.backbone_scale = scale;
  const Geometry geometry(settings, image.width, image.height);
  InputPass input(network.kernels(), geometry);
  BasePlan<float> base(network, geometry.coarse_height, geometry.coarse_width, false);
  std::map<std::string, ChannelRanges> ranges;
  base.observe(&ranges);
  input.read(image, plate, base.input());
  StageTimes times;
  base.run(times);
  return calibration_tensors(ranges);
}

}  // namespace matting::engine
