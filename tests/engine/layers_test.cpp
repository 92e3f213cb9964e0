#include "engine/layers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/made_up_weights.hpp"
#include "infer_background_matting/error.hpp"

namespace matting::engine {
namespace {

using ::testing::HasSubstr;

std::string refusal(WeightMap weights) {
  try {
    const Layers layers(std::move(weights));
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kModelInvalid);
    return error.what();
  }
  return "";
}

TEST(Layers, RecogniseEveryBackbone) {
  for (Backbone backbone : {Backbone::kMobileNetV2, Backbone::kResNet50, Backbone::kResNet101}) {
    const Layers layers(made_up_weights(backbone));
    EXPECT_EQ(layers.backbone(), backbone);
    EXPECT_TRUE(layers.has_refiner());
  }
  EXPECT_FALSE(Layers(made_up_weights(Backbone::kMobileNetV2, false)).has_refiner());
}

TEST(Layers, StripTheModelPrefix) {
  WeightMap prefixed;
  for (auto& [name, tensor] : made_up_weights(Backbone::kMobileNetV2)) {
    prefixed["model." + name] = tensor;
  }
  EXPECT_EQ(refusal(prefixed), "");
  prefixed["decoder.conv1.weight"] = prefixed["model.decoder.conv1.weight"];
  EXPECT_THAT(refusal(prefixed), HasSubstr("with and without"));
}

TEST(Layers, NameTheTensorThatDoesNotFit) {
  const WeightMap good = made_up_weights(Backbone::kMobileNetV2);
  WeightMap bad = good;
  bad.erase("decoder.bn2.running_var");
  EXPECT_THAT(refusal(bad), HasSubstr("\"decoder.bn2.running_var\" is missing, wanted [64]"));
  bad = good;
  bad["aspp.convs.2.0.weight"].shape = {256, 320, 1, 9};
  EXPECT_THAT(refusal(bad),
              ::testing::AllOf(HasSubstr("aspp.convs.2.0.weight"), HasSubstr("[256, 320, 1, 9]"),
                               HasSubstr("[256, 320, 3, 3]")));
  bad = good;
  bad["extra.weight"] = {{1}, {1}};
  EXPECT_THAT(refusal(bad), HasSubstr("\"extra.weight\" [1] is left over"));
  bad = good;
  bad["decoder.conv4.bias"].values[0] = std::nanf("");
  EXPECT_THAT(refusal(bad), HasSubstr("decoder.conv4.bias"));
  EXPECT_THAT(refusal({}), HasSubstr("backbone.features.0.0.weight"));
}

Tensor ranges(std::int64_t channels, float low, float high) {
  Tensor tensor{{2, channels}, std::vector<float>(channels, low)};
  tensor.values.resize(2 * channels, high);
  return tensor;
}

TEST(Layers, TakeCalibrationOfAnyLayer) {
  WeightMap weights = made_up_weights(Backbone::kMobileNetV2);
  weights["calibration.decoder.conv1"] = ranges(288, -1, 2);
  weights["calibration.backbone.features.2.conv.1.0"] = ranges(96, 0, 6);
  weights["calibration.aspp.project.0"] = ranges(1280, 0, 3);
  const auto calibration = Layers(weights).calibration();
  EXPECT_EQ(calibration.size(), 3);
  EXPECT_EQ(calibration.at("decoder.conv1").low[287], -1);
  EXPECT_EQ(calibration.at("backbone.features.2.conv.1.0").high.size(), 96);
  // The pooled branch's part is no input of the layer any more.
  EXPECT_EQ(calibration.at("aspp.project.0").low.size(), 1024);
  EXPECT_EQ(calibration.at("aspp.project.0").high.size(), 1024);
}

TEST(Layers, NameTheCalibrationThatDoesNotFit) {
  const WeightMap good = made_up_weights(Backbone::kMobileNetV2);
  WeightMap bad = good;
  bad["calibration.decoder.conv1"] = ranges(287, -1, 2);
  EXPECT_THAT(refusal(bad), HasSubstr("\"calibration.decoder.conv1\" fits no layer with 287"));
  bad = good;
  bad["calibration.aspp.project.0"] = ranges(1281, -1, 2);
  EXPECT_THAT(refusal(bad), HasSubstr("\"calibration.aspp.project.0\" fits no layer with 1281"));
  bad = good;
  bad["calibration.decoder.conv9"] = ranges(8, -1, 2);
  EXPECT_THAT(refusal(bad), HasSubstr("calibration.decoder.conv9"));
  bad = good;
  bad["calibration.decoder.conv1"] = ranges(288, -1, std::nanf(""));
  EXPECT_THAT(refusal(bad), HasSubstr("\"calibration.decoder.conv1\" holds a value"));
  bad = good;
  bad["calibration.decoder.conv1"] = {{288}, std::vector<float>(288)};
  EXPECT_THAT(refusal(bad), HasSubstr("wanted two rows"));
}

// Folding: the convolution's value times gain / sqrt(variance + epsilon), plus what is left.
TEST(Layers, FoldBatchNorm) {
  const WeightMap weights = made_up_weights(Backbone::kMobileNetV2);
  const Layers layers(weights);
  const auto value = [&](const char* name, int i) { return weights.at(name).values[i]; };
  const Layer& layer = layers.at("decoder.conv3");
  const int out = 5, per_output = 80 * 9, at = out * per_output + 17;
  const double factor =
      value("decoder.bn3.weight", out) / std::sqrt(value("decoder.bn3.running_var", out) + 1e-5);
  EXPECT_NEAR(layer.weights[at], value("decoder.conv3.weight", at) * factor, 1e-6);
  EXPECT_NEAR(layer.bias[out],
              value("decoder.bn3.bias", out) - value("decoder.bn3.running_mean", out) * factor,
              1e-6);
}

TEST(Layers, MoveTheHiddenChannelsFirst) {
  const WeightMap weights = made_up_weights(Backbone::kMobileNetV2);
  const Layers layers(weights);
  const auto& published = weights.at("decoder.conv4.bias").values;
  const auto& bias = layers.at("decoder.conv4").bias;
  EXPECT_EQ(bias[0], published[5]);
  EXPECT_EQ(bias[31], published[36]);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(bias[32 + i], published[i]);
}

}  // namespace
}  // namespace matting::engine
