// The network as convolutions with BatchNorm folded into them, whatever the size of the image.
#ifndef MATTING_ENGINE_LAYERS_HPP
#define MATTING_ENGINE_LAYERS_HPP

#include <map>
#include <string>
#include <vector>

#include "engine/weights.hpp"
#include "infer_background_matting/network.hpp"

namespace matting::engine {

enum class Activation { kNone, kRelu, kRelu6 };

// y = activation(weights * x + bias). Weights are (out, in / groups, kernel, kernel).
struct Layer {
  std::string name;  // of the convolution in the published checkpoints, "decoder.conv1"
  int out_channels = 0;
  int in_channels = 0;
  int kernel = 1;
  int stride = 1;
  int dilation = 1;
  int groups = 1;
  Activation activation = Activation::kNone;
  std::vector<float> weights;
  std::vector<float> bias;

  int padding() const noexcept { return dilation * (kernel / 2); }
};

// Channels of the encoder's feature maps at 1/16, 1/8, 1/4, 1/2 of the input's size.
struct FeatureChannels {
  int x4, x3, x2, x1;
};

// One inverted residual block of MobileNetV2 (arXiv 1801.04381): names of its layers.
struct MobileBlock {
  std::string expand;  // empty in the first block
  std::string depthwise, project;
  bool residual = false;
};

// One bottleneck of ResNet (arXiv 1512.03385, version 1.5: the 3x3 has the stride).
struct Bottleneck {
  std::string reduce, filter, expand;
  std::string shortcut;  // empty: the input itself
};

constexpr int kAsppBranchCount = 4;                      // beside the pooled one
std::string aspp_branch(int index);                      // "aspp.convs.0.0" to "aspp.convs.3.0"
constexpr const char* kAsppBranches = "aspp.convs.0.0";  // whose calibration is that of all four
constexpr const char* kAsppProjection = "aspp.project.0";

// The part of aspp.project.0 that reads the pooled branch, whose value is the same at every pixel:
// its result is that layer's bias.
constexpr const char* kPooledProjection = "aspp.project.0, pooled";

constexpr int kCoarseHidden = 32;  // features that the base hands to the refiner

// What a convolution's input channels reach, for integers: calibration data.
struct ChannelRanges {
  std::vector<float> low, high;  // of each input channel of the layer

  // Those of count channels from first on.
  ChannelRanges part(int first, int count) const;
  // Widens to hold other's.
  void include(const ChannelRanges& other);
};

// Before the name of a layer: a tensor of two rows, least and greatest value of each input channel.
// A weight file may hold these for decoder.conv1 to decoder.conv4, all or none, and beside them for
// the convolutions of the encoder's blocks, for aspp.convs.0.0 (whose input its three neighbours
// read, too) and for aspp.project.0.
constexpr const char* kCalibrationPrefix = "calibration.";

// All layers, by name, and the order that is not the same in each backbone. decoder.conv4's outputs
// are reordered to 32 hidden, alpha, foreground (3), error: vectors of 16 then hold the hidden
// ones.
class Layers {
 public:
  // Takes its weights out of a map with the published names ("model." before them is stripped).
  // Throws Error kModelInvalid naming the tensor that is missing, left over or of another shape
  // (wanted and found).
  explicit Layers(WeightMap weights);

  Backbone backbone() const noexcept { return backbone_; }
  bool has_refiner() const noexcept { return has_refiner_; }
  const FeatureChannels& features() const noexcept { return features_; }
  const Layer& at(const std::string& name) const { return layers_.at(name); }
  const std::map<std::string, Layer>& all() const noexcept { return layers_; }
  const std::map<std::string, ChannelRanges>& calibration() const noexcept { return calibration_; }
  // Names of the layers that can be computed in integers, and of those that have to be calibrated
  // for it.
  std::vector<std::string> integer_layers() const;
  static std::vector<std::string> decoder_layers();
  // How many of these have no calibration.
  std::size_t uncalibrated(const std::vector<std::string>& names) const;
  const std::string& stem() const noexcept { return stem_; }
  const std::vector<MobileBlock>& mobile_blocks() const noexcept { return mobile_blocks_; }
  // Four stages.
  const std::vector<std::vector<Bottleneck>>& bottlenecks() const noexcept { return bottlenecks_; }

 private:
  struct Shape;
  class Taker;
  void add_mobilenet(Taker& take);
  void add_resnet(Taker& take);
  void add_head(Taker& take);
  void split_pooled(int branches);
  void take_calibration(WeightMap& weights);

  Backbone backbone_ = Backbone::kMobileNetV2;
  bool has_refiner_ = false;
  FeatureChannels features_{};
  std::string stem_;
  std::vector<MobileBlock> mobile_blocks_;
  std::vector<std::vector<Bottleneck>> bottlenecks_;
  std::map<std::string, Layer> layers_;
  std::map<std::string, ChannelRanges> calibration_;
};

}  // namespace matting::engine

#endif  // MATTING_ENGINE_LAYERS_HPP
