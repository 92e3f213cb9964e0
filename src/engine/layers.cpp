#include "engine/layers.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "infer_background_matting/error.hpp"

namespace matting::engine {
namespace {

constexpr float kBatchNormEpsilon = 1e-5f;
constexpr int kInputChannels = 6;

[[noreturn]] void invalid(const std::string& text) {
  throw Error(ErrorCode::kModelInvalid, "the weights are not those of a matting network: " + text);
}

void check_finite(const std::string& name, const std::vector<float>& values) {
  for (float value : values) {
    if (!std::isfinite(value)) invalid("\"" + name + "\" holds a value that is not finite");
  }
}

bool ends_with(const std::string& text, const std::string& suffix) {
  return text.size() >= suffix.size() &&
         text.compare(text.size() - suffix.size(), suffix.size(), suffix) == 0;
}

WeightMap without_prefix(WeightMap weights) {
  static const std::string kPrefix = "model.";
  WeightMap plain;
  for (auto& [name, tensor] : weights) {
    const bool has_prefix = name.compare(0, kPrefix.size(), kPrefix) == 0;
    std::string key = has_prefix ? name.substr(kPrefix.size()) : name;
    if (ends_with(key, "num_batches_tracked")) continue;
    if (!plain.emplace(std::move(key), std::move(tensor)).second) {
      invalid("\"" + name + "\" stands there with and without \"model.\"");
    }
  }
  return plain;
}

Backbone recognise(const WeightMap& weights) {
  if (weights.count("backbone.features.0.0.weight")) return Backbone::kMobileNetV2;
  if (weights.count("backbone.layer3.22.conv1.weight")) return Backbone::kResNet101;
  if (weights.count("backbone.layer3.5.conv1.weight")) return Backbone::kResNet50;
  invalid(
      "found neither \"backbone.features.0.0.weight\" (mobilenetv2) nor "
      "\"backbone.layer3.5.conv1.weight\" (resnet50, resnet101)");
}

// The order of decoder.conv4's outputs in this engine: see Layers.
void move_hidden_first(Layer* layer) {
  constexpr int kMaps = 5;
  const std::size_t per_output =
      layer->weights.size() / static_cast<std::size_t>(layer->out_channels);
  Layer moved = *layer;
  for (int to = 0; to < layer->out_channels; ++to) {
    int from = to + kMaps;
    if (to == kCoarseHidden + kMaps - 1) from = 4;                                 // error
    if (to >= kCoarseHidden && to < kCoarseHidden + 4) from = to - kCoarseHidden;  // alpha, colour
    moved.bias[to] = layer->bias[from];
    std::copy_n(layer->weights.begin() + from * per_output, per_output,
                moved.weights.begin() + to * per_output);
  }
  *layer = std::move(moved);
}

}  // namespace

struct Layers::Shape {
  int in, out, kernel = 1, stride = 1, dilation = 1, groups = 1;
};

// Takes tensors out of the map, checks and folds them.
class Layers::Taker {
 public:
  explicit Taker(WeightMap& weights, std::map<std::string, Layer>& layers)
      : weights_(weights), layers_(layers) {}

  // norm: the BatchNorm's name; empty for a convolution with a bias.
  const std::string& convolution(const std::string& name, const std::string& norm,
                                 const Shape& shape, Activation activation) {
    Layer layer;
    layer.name = name;
    layer.out_channels = shape.out;
    layer.in_channels = shape.in;
    layer.kernel = shape.kernel;
    layer.stride = shape.stride;
    layer.dilation = shape.dilation;
    layer.groups = shape.groups;
    layer.activation = activation;
    layer.weights =
        tensor(name + ".weight", {shape.out, shape.in / shape.groups, shape.kernel, shape.kernel});
    if (norm.empty()) {
      layer.bias = tensor(name + ".bias", {shape.out});
    } else {
      fold(norm, &layer);
    }
    return layers_.emplace(name, std::move(layer)).first->first;
  }

  void finish() {
    if (weights_.empty()) return;
    invalid("\"" + weights_.begin()->first + "\" " + shape_text(weights_.begin()->second.shape) +
            " is left over (" + std::to_string(weights_.size()) + " in all)");
  }

 private:
  std::vector<float> tensor(const std::string& name, const std::vector<std::int64_t>& shape) {
    const auto found = weights_.find(name);
    if (found == weights_.end()) {
      invalid("\"" + name + "\" is missing, wanted " + shape_text(shape));
    }
    if (found->second.shape != shape) {
      invalid("\"" + name + "\" has the shape " + shape_text(found->second.shape) + ", wanted " +
              shape_text(shape));
    }
    check_finite(name, found->second.values);
    std::vector<float> values = std::move(found->second.values);
    weights_.erase(found);
    return values;
  }

  // BatchNorm in inference is a factor and an offset per channel (arXiv 1502.03167, section 3.1).
  void fold(const std::string& norm, Layer* layer) {
    const std::vector<std::int64_t> shape = {layer->out_channels};
    const auto gain = tensor(norm + ".weight", shape), offset = tensor(norm + ".bias", shape);
    const auto mean = tensor(norm + ".running_mean", shape);
    const auto variance = tensor(norm + ".running_var", shape);
    const std::size_t per_output = layer->weights.size() / gain.size();
    layer->bias.resize(gain.size());
    for (std::size_t o = 0; o < gain.size(); ++o) {
      if (variance[o] < 0) invalid("\"" + norm + ".running_var\" holds a negative variance");
      const float factor = gain[o] / std::sqrt(variance[o] + kBatchNormEpsilon);
      layer->bias[o] = offset[o] - mean[o] * factor;
      for (std::size_t i = 0; i < per_output; ++i) layer->weights[o * per_output + i] *= factor;
    }
  }

  WeightMap& weights_;
  std::map<std::string, Layer>& layers_;
};

Layers::Layers(WeightMap weights) {
  WeightMap plain = without_prefix(std::move(weights));
  backbone_ = recognise(plain);
  has_refiner_ = plain.count("refiner.conv1.weight") != 0;
  take_calibration(plain);
  Taker take(plain, layers_);
  if (backbone_ == Backbone::kMobileNetV2) {
    add_mobilenet(take);
  } else {
    add_resnet(take);
  }
  add_head(take);
  take.finish();
  for (const auto& [name, ranges] : calibration_) {
    const auto layer = layers_.find(name);
    if (layer == layers_.end() ||
        layer->second.in_channels != static_cast<int>(ranges.low.size())) {
      invalid("\"" + (kCalibrationPrefix + name) + "\" fits no layer with " +
              std::to_string(ranges.low.size()) + " input channels");
    }
  }
}

void Layers::take_calibration(WeightMap& weights) {
  const std::string prefix = kCalibrationPrefix;
  for (auto at = weights.lower_bound(prefix);
       at != weights.end() && at->first.compare(0, prefix.size(), prefix) == 0;) {
    const Tensor& tensor = at->second;
    if (tensor.shape.size() != 2 || tensor.shape[0] != 2) {
      invalid("\"" + at->first + "\" has the shape " + shape_text(tensor.shape) +
              ", wanted two rows");
    }
    check_finite(at->first, tensor.values);
    const auto middle = tensor.values.begin() + tensor.shape[1];
    calibration_[at->first.substr(prefix.size())] = {{tensor.values.begin(), middle},
                                                     {middle, tensor.values.end()}};
    at = weights.erase(at);
  }
}

std::string aspp_branch(int index) {
  return "aspp.convs." + std::to_string(index) + ".0";
}

std::vector<std::string> Layers::decoder_layers() {
  return {"decoder.conv1", "decoder.conv2", "decoder.conv3", "decoder.conv4"};
}

std::vector<std::string> Layers::integer_layers() const {
  std::vector<std::string> names = decoder_layers();
  names.insert(names.end(), {kAsppBranches, kAsppProjection});
  for (const MobileBlock& block : mobile_blocks_) {
    if (block.expand.empty()) continue;
    names.insert(names.end(), {block.expand, block.depthwise, block.project});
  }
  for (const auto& stage : bottlenecks_) {
    for (const Bottleneck& block : stage) {
      names.insert(names.end(), {block.reduce, block.filter, block.expand});
      if (!block.shortcut.empty()) names.push_back(block.shortcut);
    }
  }
  return names;
}

std::size_t Layers::uncalibrated(const std::vector<std::string>& names) const {
  return std::count_if(names.begin(), names.end(),
                       [&](const std::string& name) { return calibration_.count(name) == 0; });
}

ChannelRanges ChannelRanges::part(int first, int count) const {
  return {{low.begin() + first, low.begin() + first + count},
          {high.begin() + first, high.begin() + first + count}};
}

void ChannelRanges::include(const ChannelRanges& other) {
  if (low.empty()) *this = other;
  for (std::size_t i = 0; i < low.size(); ++i) {
    low[i] = std::min(low[i], other.low[i]);
    high[i] = std::max(high[i], other.high[i]);
  }
}

void Layers::add_mobilenet(Taker& take) {
  // Expansion, channels, blocks, stride, dilation: table 2 of arXiv 1801.04381, its last strided
  // stage kept at 1/16 (BackgroundMattingV2 model/mobilenet.py).
  struct Stage {
    int expansion, channels, blocks, stride;
  };
  static constexpr Stage kStages[] = {{1, 16, 1, 1}, {6, 24, 2, 2},  {6, 32, 3, 2}, {6, 64, 4, 2},
                                      {6, 96, 3, 1}, {6, 160, 3, 1}, {6, 320, 1, 1}};
  constexpr int kFirstDilated = 15;
  features_ = {320, 32, 24, 16};
  stem_ = take.convolution("backbone.features.0.0", "backbone.features.0.1",
                           {kInputChannels, 32, 3, 2}, Activation::kRelu6);
  int in = 32, index = 1;
  for (const Stage& stage : kStages) {
    for (int i = 0; i < stage.blocks; ++i, ++index) {
      const std::string at = "backbone.features." + std::to_string(index) + ".conv.";
      const int width = in * stage.expansion, stride = i == 0 ? stage.stride : 1;
      const int dilation = index >= kFirstDilated ? 2 : 1;
      MobileBlock block;
      int part = 0;
      if (stage.expansion != 1) {
        block.expand = take.convolution(at + "0.0", at + "0.1", {in, width}, Activation::kRelu6);
        part = 1;
      }
      const std::string depthwise = at + std::to_string(part);
      block.depthwise =
          take.convolution(depthwise + ".0", depthwise + ".1",
                           {width, width, 3, stride, dilation, width}, Activation::kRelu6);
      block.project = take.convolution(at + std::to_string(part + 1), at + std::to_string(part + 2),
                                       {width, stage.channels}, Activation::kNone);
      block.residual = stride == 1 && in == stage.channels;
      mobile_blocks_.push_back(std::move(block));
      in = stage.channels;
    }
  }
}

void Layers::add_resnet(Taker& take) {
  const int blocks[] = {3, 4, backbone_ == Backbone::kResNet101 ? 23 : 6, 3};
  constexpr int kExpansion = 4;
  features_ = {2048, 512, 256, 64};
  stem_ = take.convolution("backbone.conv1", "backbone.bn1", {kInputChannels, 64, 7, 2},
                           Activation::kRelu);
  int in = 64;
  for (int stage = 0; stage < 4; ++stage) {
    const int width = 64 << stage;
    bottlenecks_.emplace_back();
    for (int i = 0; i < blocks[stage]; ++i) {
      const std::string at =
          "backbone.layer" + std::to_string(stage + 1) + "." + std::to_string(i) + ".";
      // The last stage keeps 1/16: its stride becomes a dilation from its second block on.
      const int stride = i == 0 && (stage == 1 || stage == 2) ? 2 : 1;
      const int dilation = stage == 3 && i > 0 ? 2 : 1;
      Bottleneck block;
      block.reduce = take.convolution(at + "conv1", at + "bn1", {in, width}, Activation::kRelu);
      block.filter = take.convolution(at + "conv2", at + "bn2", {width, width, 3, stride, dilation},
                                      Activation::kRelu);
      block.expand = take.convolution(at + "conv3", at + "bn3", {width, width * kExpansion},
                                      Activation::kRelu);
      if (i == 0) {
        block.shortcut = take.convolution(at + "downsample.0", at + "downsample.1",
                                          {in, width * kExpansion, 1, stride}, Activation::kNone);
      }
      bottlenecks_.back().push_back(std::move(block));
      in = width * kExpansion;
    }
  }
}

void Layers::split_pooled(int branches) {
  Layer& project = layers_.at(kAsppProjection);
  Layer pooled = project;
  pooled.name = kPooledProjection;
  pooled.in_channels = project.in_channels - branches;
  pooled.weights.clear();
  std::vector<float> kept;
  for (int o = 0; o < project.out_channels; ++o) {
    const auto row = project.weights.begin() + static_cast<std::ptrdiff_t>(o) * project.in_channels;
    kept.insert(kept.end(), row, row + branches);
    pooled.weights.insert(pooled.weights.end(), row + branches, row + project.in_channels);
  }
  const auto ranges = calibration_.find(kAsppProjection);
  if (ranges != calibration_.end() &&
      ranges->second.low.size() == static_cast<std::size_t>(project.in_channels)) {
    ranges->second = ranges->second.part(0, branches);
  }
  project.in_channels = branches;
  project.weights = std::move(kept);
  layers_.emplace(pooled.name, std::move(pooled));
}

void Layers::add_head(Taker& take) {
  constexpr int kAspp = 256, kMaps = 5;
  const int rates[kAsppBranchCount] = {1, 3, 6, 9};  // arXiv 2012.07810, section 3.1
  for (int i = 0; i < kAsppBranchCount; ++i) {
    take.convolution(aspp_branch(i), "aspp.convs." + std::to_string(i) + ".1",
                     {features_.x4, kAspp, i == 0 ? 1 : 3, 1, rates[i]}, Activation::kRelu);
  }
  take.convolution("aspp.convs.4.1", "aspp.convs.4.2", {features_.x4, kAspp}, Activation::kRelu);
  take.convolution(kAsppProjection, "aspp.project.1", {(kAsppBranchCount + 1) * kAspp, kAspp},
                   Activation::kRelu);
  split_pooled(kAsppBranchCount * kAspp);

  const int widths[] = {kAspp, 128, 64, 48};
  const int skips[] = {features_.x3, features_.x2, features_.x1};
  for (int i = 0; i < 3; ++i) {
    const std::string n = std::to_string(i + 1);
    take.convolution("decoder.conv" + n, "decoder.bn" + n, {widths[i] + skips[i], widths[i + 1], 3},
                     Activation::kRelu);
  }
  take.convolution("decoder.conv4", "", {widths[3] + kInputChannels, kMaps + kCoarseHidden, 3},
                   Activation::kNone);
  move_hidden_first(&layers_.at("decoder.conv4"));
  if (!has_refiner_) return;

  take.convolution("refiner.conv1", "refiner.bn1", {kCoarseHidden + 4 + kInputChannels, 24, 3},
                   Activation::kRelu);
  take.convolution("refiner.conv2", "refiner.bn2", {24, 16, 3}, Activation::kRelu);
  take.convolution("refiner.conv3", "refiner.bn3", {16 + kInputChannels, 12, 3}, Activation::kRelu);
  take.convolution("refiner.conv4", "", {12, 4, 3}, Activation::kNone);
}

}  // namespace matting::engine
