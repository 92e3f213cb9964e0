#include "engine/made_up_weights.hpp"

#include <algorithm>
#include <cmath>
#include <random>

#include "engine/layers.hpp"

namespace matting::engine {
namespace {

class Maker {
 public:
  void convolution(const std::string& name, const std::string& norm, std::int64_t out,
                   std::int64_t in, std::int64_t kernel) {
    const double spread = std::sqrt(2.0 / static_cast<double>(in * kernel * kernel));
    add(name + ".weight", {out, in, kernel, kernel}, -1.7 * spread, 1.7 * spread);
    if (norm.empty()) {
      add(name + ".bias", {out}, 0, 0.5);
      return;
    }
    add(norm + ".weight", {out}, 0.7, 1.1);
    add(norm + ".bias", {out}, -0.2, 0.3);
    add(norm + ".running_mean", {out}, -0.1, 0.1);
    add(norm + ".running_var", {out}, 0.7, 1.3);
    weights_[norm + ".num_batches_tracked"] = {{}, {}};
  }

  WeightMap take() { return std::move(weights_); }

 private:
  void add(const std::string& name, const std::vector<std::int64_t>& shape, double low,
           double high) {
    std::uniform_real_distribution<float> uniform(static_cast<float>(low),
                                                  static_cast<float>(high));
    Tensor& tensor = weights_[name];
    tensor.shape = shape;
    std::size_t count = 1;
    for (std::int64_t side : shape) count *= static_cast<std::size_t>(side);
    tensor.values.resize(count);
    for (float& value : tensor.values) value = uniform(generator_);
  }

  std::mt19937 generator_{11};
  WeightMap weights_;
};

void add_mobilenet(Maker& make) {
  const int stages[][3] = {{1, 16, 1}, {6, 24, 2},  {6, 32, 3}, {6, 64, 4},
                           {6, 96, 3}, {6, 160, 3}, {6, 320, 1}};
  make.convolution("backbone.features.0.0", "backbone.features.0.1", 32, 6, 3);
  int in = 32, index = 1;
  for (const auto& [expansion, channels, blocks] : stages) {
    for (int i = 0; i < blocks; ++i, ++index) {
      const std::string at = "backbone.features." + std::to_string(index) + ".conv.";
      const int width = in * expansion;
      int part = 0;
      if (expansion > 1) make.convolution(at + "0.0", at + "0.1", width, in, 1), part = 1;
      const std::string depthwise = at + std::to_string(part);
      make.convolution(depthwise + ".0", depthwise + ".1", width, 1, 3);
      make.convolution(at + std::to_string(part + 1), at + std::to_string(part + 2), channels,
                       width, 1);
      in = channels;
    }
  }
}

void add_resnet(Maker& make, const int (&blocks)[4]) {
  make.convolution("backbone.conv1", "backbone.bn1", 64, 6, 7);
  int in = 64;
  for (int stage = 0; stage < 4; ++stage) {
    const int width = 64 << stage;
    for (int i = 0; i < blocks[stage]; ++i) {
      const std::string at =
          "backbone.layer" + std::to_string(stage + 1) + "." + std::to_string(i) + ".";
      make.convolution(at + "conv1", at + "bn1", width, in, 1);
      make.convolution(at + "conv2", at + "bn2", width, width, 3);
      make.convolution(at + "conv3", at + "bn3", 4 * width, width, 1);
      if (i == 0) make.convolution(at + "downsample.0", at + "downsample.1", 4 * width, in, 1);
      in = 4 * width;
    }
  }
}

}  // namespace

WeightMap made_up_weights(Backbone backbone, bool with_refiner) {
  Maker make;
  const bool mobile = backbone == Backbone::kMobileNetV2;
  if (mobile) {
    add_mobilenet(make);
  } else {
    add_resnet(make, {3, 4, backbone == Backbone::kResNet101 ? 23 : 6, 3});
  }
  const int x4 = mobile ? 320 : 2048;
  for (int i = 0; i < 4; ++i) {
    const std::string at = "aspp.convs." + std::to_string(i);
    make.convolution(at + ".0", at + ".1", 256, x4, i == 0 ? 1 : 3);
  }
  make.convolution("aspp.convs.4.1", "aspp.convs.4.2", 256, x4, 1);
  make.convolution("aspp.project.0", "aspp.project.1", 256, 1280, 1);
  make.convolution("decoder.conv1", "decoder.bn1", 128, 256 + (mobile ? 32 : 512), 3);
  make.convolution("decoder.conv2", "decoder.bn2", 64, 128 + (mobile ? 24 : 256), 3);
  make.convolution("decoder.conv3", "decoder.bn3", 48, 64 + (mobile ? 16 : 64), 3);
  make.convolution("decoder.conv4", "", 37, 54, 3);
  if (!with_refiner) return make.take();
  make.convolution("refiner.conv1", "refiner.bn1", 24, 42, 3);
  make.convolution("refiner.conv2", "refiner.bn2", 16, 24, 3);
  make.convolution("refiner.conv3", "refiner.bn3", 12, 22, 3);
  make.convolution("refiner.conv4", "", 4, 12, 3);
  return make.take();
}

void hand_on(WeightMap* weights) {
  constexpr int kCarried = 4, kTaps = 9, kMiddle = 4;
  for (int conv = 1; conv <= 4; ++conv) {
    const std::string number = std::to_string(conv);
    Tensor& weight = weights->at("refiner.conv" + number + ".weight");
    const std::int64_t inputs = weight.shape[1], first = conv == 1 ? kCoarseHidden : 0;
    std::fill_n(weight.values.begin(), kCarried * inputs * kTaps, 0.0f);
    for (int c = 0; c < kCarried; ++c) {
      weight.values[(c * inputs + first + c) * kTaps + kMiddle] = 1;
    }
    if (conv == 4) continue;
    const auto fill = [&](const char* part, float value) {
      auto& values = weights->at("refiner.bn" + number + "." + part).values;
      std::fill(values.begin(), values.end(), value);
    };
    fill("weight", 1);
    fill("bias", 0);
    fill("running_mean", 0);
    fill("running_var", 1);
  }
  std::fill_n(weights->at("refiner.bn1.bias").values.begin() + 1, kCarried - 1, 1.0f);
  weights->at("refiner.conv4.bias").values = {0, -1, -1, -1};
}

}  // namespace matting::engine
