// Every convolution of the networks as oneDNN computes it, in each type, against the definition: a
// primitive that is wrong on some CPU is found here by its layer's name.
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "engine/arena.hpp"
#include "engine/defined_convolution.hpp"
#include "engine/feature_map.hpp"
#include "engine/made_up_weights.hpp"
#include "engine/quantization.hpp"
#include "engine/threads.hpp"

namespace matting::engine {
namespace {

// Uniform in [0, 1] in the layer's channels, 0 in those that only fill up.
std::vector<float> random_map(int pixels, int channels, int physical_channels, unsigned seed) {
  std::mt19937 generator(seed);
  std::uniform_real_distribution<float> uniform(0.0f, 1.0f);
  std::vector<float> map(static_cast<std::size_t>(pixels) * physical_channels);
  for (std::size_t i = 0; i < map.size(); ++i) {
    if (static_cast<int>(i % physical_channels) < channels) map[i] = uniform(generator);
  }
  return map;
}

template <class T>
std::vector<T> rounded(std::vector<float>* values) {
  std::vector<T> result;
  for (float& value : *values) {
    result.push_back(from_float<T>(value));
    value = to_float(result.back());
  }
  return result;
}

ConvolutionShape shape_of(const Layer& layer, int height, int width) {
  ConvolutionShape shape;
  shape.height = height;
  shape.width = width;
  shape.in_channels = physical(layer.in_channels);
  shape.out_channels = physical(layer.out_channels);
  return shape;
}

// out: what the convolution gave. before: what it was added to; empty: nothing. Differences of up
// to least, and share of the value, are rounding.
template <class T>
void expect_defined(const Layer& layer, const ConvolutionShape& shape,
                    const Convolution& convolution, const std::vector<float>& map,
                    const std::vector<float>& before, const std::vector<T>& out, double least,
                    double share) {
  for (int y = 0; y < convolution.out_height(); ++y) {
    for (int x = 0; x < convolution.out_width(); ++x) {
      const int pixel = (y * convolution.out_width() + x) * shape.out_channels;
      for (int o = 0; o < layer.out_channels; ++o) {
        const float old = before.empty() ? 0.0f : before[pixel + o];
        const float wanted =
            activated(layer.activation, defined_sum(layer, shape, map, y, x, o) + old);
        ASSERT_NEAR(to_float(out[pixel + o]), wanted, least + share * std::abs(wanted))
            << layer.name << " by " << convolution.implementation() << ": output " << o << " at "
            << x << ", " << y;
      }
    }
  }
}

template <class T>
void check(Layer layer, bool adds, double least, double share) {
  constexpr int kHeight = 4, kWidth = 5;
  ConvolutionShape shape = shape_of(layer, kHeight, kWidth);
  shape.pad_top = shape.pad_bottom = shape.pad_columns = layer.padding();
  shape.src = shape.dst = element_of<T>();
  shape.adds_to_output = adds;
  rounded<T>(&layer.weights);
  std::vector<float> map = random_map(kHeight * kWidth, layer.in_channels, shape.in_channels, 1);
  const std::vector<T> in = rounded<T>(&map);
  PackedWeights packed;
  Convolution convolution(layer, shape, packed);
  const int pixels = convolution.out_height() * convolution.out_width();
  std::vector<float> before = random_map(pixels, layer.out_channels, shape.out_channels, 2);
  std::vector<T> out = rounded<T>(&before);
  if (!adds) before.clear();
  const AlignedBlock scratch(convolution.scratch_bytes());
  convolution.run(in.data(), out.data(), scratch.data());
  expect_defined(layer, shape, convolution, map, before, out, least, share);
}

template <class T>
void check_all(Backbone backbone, double least, double share) {
  const ThreadCount one(1);
  const Layers layers(made_up_weights(backbone));
  for (const auto& [name, layer] : layers.all()) {
    for (bool adds : {false, true}) {
      check<T>(layer, adds, least, share);
      if (testing::Test::HasFatalFailure()) return;
    }
  }
}

class EveryConvolution : public ::testing::TestWithParam<Backbone> {};

TEST_P(EveryConvolution, IsTheDefinedOne) {
  check_all<float>(GetParam(), 2e-4, 2e-4);
}

// Sums are carried in float and rounded once, to 1/256 at most.
TEST_P(EveryConvolution, IsTheDefinedOneInBFloat16) {
  if (process_isa() < Isa::kAvx512Bf16) GTEST_SKIP() << "this CPU has no bf16";
  check_all<BFloat16>(GetParam(), 1e-3, 1.0 / 200);
}

INSTANTIATE_TEST_SUITE_P(Networks, EveryConvolution,
                         ::testing::Values(Backbone::kMobileNetV2, Backbone::kResNet50));

// Levels of 0 to 255, and the same as floats.
struct LevelMap {
  LevelMap(int pixels, int channels, int physical_channels)
      : values(random_map(pixels, channels, physical_channels, 3)) {
    for (float& value : values) {
      value = std::nearbyint(255 * value);
      levels.push_back(static_cast<std::uint8_t>(value));
    }
  }

  std::vector<float> values;
  std::vector<std::uint8_t> levels;
};

ChannelRanges ranges(int channels, float low, float high) {
  return {std::vector<float>(channels, low), std::vector<float>(channels, high)};
}

template <class T>
std::vector<T> convolved(Convolution& convolution, const std::vector<std::uint8_t>& levels,
                         int channels) {
  std::vector<T> out(static_cast<std::size_t>(convolution.out_height()) * convolution.out_width() *
                     channels);
  const AlignedBlock scratch(convolution.scratch_bytes());
  convolution.run(levels.data(), out.data(), scratch.data());
  return out;
}

// The decoder's, over levels with no zeros around, as JoinedConvolution reads them.
TEST(IntegerConvolution, IsTheDefinedOne) {
  if (process_isa() < Isa::kAvx2) GTEST_SKIP() << "this CPU has no int8";
  constexpr int kHeight = 5, kWidth = 6;
  const ThreadCount one(1);
  const Layers layers(made_up_weights(Backbone::kMobileNetV2));
  for (const char* name : {"decoder.conv1", "decoder.conv2", "decoder.conv3", "decoder.conv4"}) {
    const Layer& plain = layers.at(name);
    const Layer layer = QuantizedLayer(plain, ranges(plain.in_channels, -0.5f, 1.5f)).layer;
    ConvolutionShape shape = shape_of(layer, kHeight, kWidth);
    shape.src = Element::kUint8;
    const LevelMap map(kHeight * kWidth, layer.in_channels, shape.in_channels);
    PackedWeights packed;
    Convolution convolution(layer, shape, packed);
    const auto out = convolved<float>(convolution, map.levels, shape.out_channels);
    expect_defined(layer, shape, convolution, map.values, {}, out, 1e-3, 1e-3);
  }
}

// A layer that gives levels to the next one: the definition's value of it as a level.
void check_levels(const Layer& plain) {
  constexpr int kHeight = 4, kWidth = 5;
  const ChannelRanges out_ranges = ranges(plain.out_channels, 0, 1.5f);
  const Layer layer = QuantizedLayer(plain, ranges(plain.in_channels, 0, 1), &out_ranges).layer;
  ConvolutionShape shape = shape_of(layer, kHeight, kWidth);
  shape.pad_top = shape.pad_bottom = shape.pad_columns = layer.padding();
  shape.src = shape.dst = Element::kUint8;
  const LevelMap map(kHeight * kWidth, layer.in_channels, shape.in_channels);
  PackedWeights packed;
  Convolution convolution(layer, shape, packed);
  const auto out = convolved<std::uint8_t>(convolution, map.levels, shape.out_channels);
  std::vector<float> real = map.values;
  for (float& value : real) value /= 255;
  for (int y = 0; y < convolution.out_height(); ++y) {
    for (int x = 0; x < convolution.out_width(); ++x) {
      const int pixel = (y * convolution.out_width() + x) * shape.out_channels;
      for (int o = 0; o < layer.out_channels; ++o) {
        const auto level = [](float value) { return std::clamp(value, 0.0f, 255.0f); };
        ASSERT_NEAR(out[pixel + o], level(defined_sum(layer, shape, map.values, y, x, o)), 0.51)
            << layer.name << " by " << convolution.implementation() << ": output " << o;
        // And what it stands for, within what its weights were rounded by.
        const float exact =
            activated(plain.activation, defined_sum(plain, shape, real, y, x, o)) / 1.5f * 255;
        ASSERT_NEAR(out[pixel + o], level(exact), 8) << layer.name << ": output " << o;
      }
    }
  }
}

TEST(IntegerConvolution, GivesTheNextLayersLevels) {
  if (process_isa() < Isa::kAvx2) GTEST_SKIP() << "this CPU has no int8";
  const ThreadCount one(1);
  for (Backbone backbone : {Backbone::kMobileNetV2, Backbone::kResNet50}) {
    const Layers layers(made_up_weights(backbone));
    for (const auto& [name, layer] : layers.all()) {
      const bool of_a_block = name.compare(0, 9, "backbone.") == 0 && name != layers.stem();
      if (!of_a_block || layer.activation == Activation::kNone) continue;
      check_levels(layer);
      if (testing::Test::HasFatalFailure()) return;
    }
  }
}

}  // namespace
}  // namespace matting::engine
