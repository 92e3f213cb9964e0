// The convolution that leaves taps beyond the map out, against the definition.
#include "engine/dilated_convolution.hpp"

#include <gtest/gtest.h>

#include <random>

#include "engine/defined_convolution.hpp"

namespace matting::engine {
namespace {

Layer random_layer(int inputs, int outputs, int dilation, Activation activation) {
  std::mt19937 generator(3);
  std::uniform_real_distribution<float> uniform(-1.0f, 1.0f);
  Layer layer;
  layer.name = "made up";
  layer.in_channels = inputs;
  layer.out_channels = outputs;
  layer.kernel = 3;
  layer.dilation = dilation;
  layer.activation = activation;
  layer.weights.resize(static_cast<std::size_t>(outputs) * inputs * 9);
  layer.bias.resize(outputs);
  for (float& value : layer.weights) value = uniform(generator);
  for (float& value : layer.bias) value = uniform(generator);
  return layer;
}

void check(const Layer& layer, int height, int width) {
  constexpr int kBeside = 5;  // floats between pixels that are another's
  std::mt19937 generator(5);
  std::uniform_real_distribution<float> uniform(0.0f, 1.0f);
  std::vector<float> map(static_cast<std::size_t>(height) * width * layer.in_channels);
  for (float& value : map) value = uniform(generator);
  const int pitch = layer.out_channels + kBeside;
  std::vector<float> out(static_cast<std::size_t>(height) * width * pitch, -7.0f);
  TapWeights weights;
  ConvolutionShape shape;
  shape.height = height;
  shape.width = width;
  shape.in_channels = layer.in_channels;
  shape.pad_top = shape.pad_columns = layer.padding();
  const DilatedConvolution convolution(kernels_for(process_isa()), layer, weights.of(layer), height,
                                       width);
  for (int part = convolution.parts() - 1; part >= 0; --part) {
    convolution.run(part, map.data(), out.data(), pitch);
  }
  for (int i = 0; i < height * width; ++i) {
    for (int o = 0; o < pitch; ++o) {
      const float wanted =
          o < layer.out_channels
              ? activated(layer.activation, defined_sum(layer, shape, map, i / width, i % width, o))
              : -7.0f;
      ASSERT_NEAR(out[i * pitch + o], wanted, 1e-4)
          << width << "x" << height << ", dilation " << layer.dilation << ", pixel " << i;
    }
  }
}

TEST(DilatedConvolution, IsTheConvolutionOfTheDefinition) {
  for (const auto& [height, width] : {std::pair(1, 1), {3, 2}, {4, 7}, {9, 30}, {17, 13}}) {
    for (int dilation : {1, 3, 9, 40}) {
      check(random_layer(24, 32, dilation, Activation::kRelu), height, width);
    }
  }
  check(random_layer(8, 16, 2, Activation::kNone), 6, 6);
  check(random_layer(24, 16, 2, Activation::kRelu6), 6, 6);
}

TEST(DilatedConvolution, PaysWhereMuchLiesBeyond) {
  Layer layer = random_layer(8, 256, 9, Activation::kRelu);
  EXPECT_TRUE(DilatedConvolution::pays(layer, 17, 30, Isa::kAvx2));
  EXPECT_FALSE(DilatedConvolution::pays(layer, 68, 120, Isa::kAvx2));
  EXPECT_FALSE(DilatedConvolution::pays(layer, 17, 30, Isa::kAvx512)) << "oneDNN leaves them out";
  layer.kernel = 1;
  EXPECT_FALSE(DilatedConvolution::pays(layer, 17, 30, Isa::kAvx2));
}

TEST(TapWeights, AreKeptOnce) {
  TapWeights weights;
  const Layer layer = random_layer(4, 16, 3, Activation::kRelu);
  const float* const first = weights.of(layer);
  EXPECT_EQ(weights.of(layer), first);
  EXPECT_EQ(first[0], layer.weights[0]) << "tap 0, input 0, output 0";
  EXPECT_EQ(first[kProductOutputs], layer.weights[9]) << "then the next input";
}

}  // namespace
}  // namespace matting::engine
