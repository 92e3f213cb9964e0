// The base network: what its ways through the decoder agree on.
#include "engine/base_plan.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <random>

#include "engine/calibration.hpp"
#include "engine/coarse_blocks.hpp"
#include "engine/made_up_weights.hpp"
#include "engine/threads.hpp"

namespace matting::engine {
namespace {

const Network& network() {
  static const Network instance(made_up_weights(Backbone::kMobileNetV2));
  return instance;
}

template <class T>
void run_on_noise(BasePlan<T>& plan) {
  std::mt19937 generator(11);
  std::uniform_real_distribution<float> uniform(0.0f, 1.0f);
  T* pixel = plan.input();
  for (int i = 0; i < plan.height() * plan.width(); ++i, pixel += kColorPitch) {
    for (int c = 0; c < 6; ++c) pixel[c] = from_float<T>(uniform(generator));
  }
  StageTimes times;
  plan.run(times);
}

// Coarse maps. In the smaller ones ASPP's map is a few pixels, and most of its taps lie beyond it.
const std::pair<int, int> kSizes[] = {{16, 16}, {34, 60}, {64, 96}, {45, 250}};

// Weights that are calibrated with what run_on_noise() gives them in these sizes.
WeightMap calibrated_weights(Backbone backbone) {
  const Network plain(made_up_weights(backbone));
  std::map<std::string, ChannelRanges> ranges;
  for (const auto& [height, width] : kSizes) {
    BasePlan<float> plan(plain, height, width, false);
    plan.observe(&ranges);
    run_on_noise(plan);
  }
  WeightMap weights = made_up_weights(backbone);
  weights.merge(calibration_tensors(ranges));
  return weights;
}

// Mean difference of a plane, and the spread of what was wanted.
std::pair<double, double> distance(const BasePlan<float>& found, const BasePlan<float>& wanted,
                                   int plane) {
  const int count = found.height() * found.width();
  double sum = 0, mean = 0, spread = 0;
  for (int i = 0; i < count; ++i) mean += wanted.plane(plane)[i] / count;
  for (int i = 0; i < count; ++i) {
    sum += std::abs(found.plane(plane)[i] - wanted.plane(plane)[i]);
    spread += std::abs(wanted.plane(plane)[i] - mean);
  }
  return {sum / count, spread / count};
}

// Alpha, residual RGB and error are the same whether hidden features are computed beside them.
template <class T>
void expect_same_maps_without_hidden(const Network& network, BaseMethods methods, double most) {
  const ThreadCount two(2);
  for (const auto& [height, width] : {std::pair(16, 16), {34, 60}, {45, 37}}) {
    BasePlan<T> with(network, height, width, true, methods);
    BasePlan<T> without(network, height, width, false, methods);
    run_on_noise(with);
    run_on_noise(without);
    for (int p = 0; p < 5; ++p) {
      for (int i = 0; i < height * width; ++i) {
        ASSERT_NEAR(without.plane(p)[i], with.plane(p)[i], most)
            << width << "x" << height << ", plane " << p << ", pixel " << i;
      }
    }
    EXPECT_LT(without.bytes(), with.bytes());
  }
}

std::vector<std::int32_t> all_blocks(int height, int width) {
  std::vector<std::int32_t> blocks(coarse_blocks(height) * coarse_blocks(width));
  std::iota(blocks.begin(), blocks.end(), 0);
  return blocks;
}

// Projecting the low map before it is upsampled changes the order of a sum, nothing else.
TEST(BasePlan, ProjectedDecoderEqualsTheJoinedOne) {
  const ThreadCount two(2);
  for (const auto& [height, width] : {std::pair(16, 16), {34, 60}, {45, 37}, {8, 70}}) {
    BasePlan<float> joined(network(), height, width, true, {DecoderMethod::kJoined});
    BasePlan<float> projected(network(), height, width, true, {DecoderMethod::kProjected});
    run_on_noise(joined);
    run_on_noise(projected);
    for (int p = 0; p < 5; ++p) {
      for (int i = 0; i < height * width; ++i) {
        ASSERT_NEAR(projected.plane(p)[i], joined.plane(p)[i], 2e-4)
            << width << "x" << height << ", plane " << p << ", pixel " << i;
      }
    }
    const auto blocks = all_blocks(height, width);
    const float* found = projected.features(blocks);
    const float* wanted = joined.features(blocks);
    for (int i = 0; i < height * width * kCoarsePitch; ++i) {
      if (i % kCoarsePitch >= kCoarseHidden + 4) continue;  // not the refiner's: the error
      ASSERT_NEAR(found[i], wanted[i], 2e-4) << width << "x" << height << ", element " << i;
    }
  }
}

TEST(BasePlan, ComputesHiddenFeaturesOfTheseBlocksOnly) {
  constexpr int kHeight = 30, kWidth = 43;
  const ThreadCount two(2);
  BasePlan<float> plan(network(), kHeight, kWidth, true, {DecoderMethod::kProjected});
  run_on_noise(plan);
  const std::vector<std::int32_t> some = {0, 8, 23};
  const auto is_in = [&](int y, int x) {
    const int block = y / kCoarseBlock * coarse_blocks(kWidth) + x / kCoarseBlock;
    return std::find(some.begin(), some.end(), block) != some.end();
  };
  const float* features = plan.features(some);
  const std::vector<float> part(features, features + kHeight * kWidth * kCoarsePitch);
  features = plan.features(all_blocks(kHeight, kWidth));
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) {
      const int at = (y * kWidth + x) * kCoarsePitch;
      for (int c = 0; c < kCoarsePitch; ++c) {
        ASSERT_EQ(part[at + c], is_in(y, x) ? features[at + c] : 0.0f) << x << ", " << y;
      }
    }
  }
}

TEST(BasePlan, WithoutARefinerComputesNoHiddenFeatures) {
  expect_same_maps_without_hidden<float>(network(), {DecoderMethod::kProjected}, 0);
  expect_same_maps_without_hidden<float>(network(), {DecoderMethod::kJoined}, 1e-5);
}

TEST(BasePlan, WithoutARefinerComputesNoHiddenFeaturesInBFloat16) {
  if (process_isa() < Isa::kAvx512Bf16) GTEST_SKIP() << "this CPU has no bf16";
  // A value between 0.5 and 1 is rounded to 1/512 of it.
  expect_same_maps_without_hidden<BFloat16>(network(), {DecoderMethod::kJoined}, 1.0 / 256);
}

TEST(BasePlan, WithoutARefinerComputesNoHiddenFeaturesInIntegers) {
  if (process_isa() < Isa::kAvx2) GTEST_SKIP() << "this CPU has no int8";
  const Network mobile(calibrated_weights(Backbone::kMobileNetV2));
  expect_same_maps_without_hidden<float>(mobile, {DecoderMethod::kIntegers}, 1e-5);
}

TEST(BasePlan, IntegersAreNearFloat) {
  if (process_isa() < Isa::kAvx2) GTEST_SKIP() << "this CPU has no int8";
  const ThreadCount two(2);
  for (Backbone backbone : {Backbone::kMobileNetV2, Backbone::kResNet50}) {
    const Network network(calibrated_weights(backbone));
    for (const auto& [height, width] : kSizes) {
      BasePlan<float> exact(network, height, width, false);
      BasePlan<float> integers(network, height, width, false, {DecoderMethod::kProjected, true});
      run_on_noise(exact);
      run_on_noise(integers);
      for (int p = 0; p < 5; ++p) {
        const auto [found, spread] = distance(integers, exact, p);
        EXPECT_LT(found, 0.2 * spread) << width << "x" << height << ", plane " << p;
        EXPECT_GT(found, 0) << "nothing was rounded";
      }
    }
  }
}

// Levels that a layer gave to the next one stand for nothing below 0, whatever a file says.
TEST(BasePlan, LevelsBetweenLayersBeginAtZero) {
  if (process_isa() < Isa::kAvx2) GTEST_SKIP() << "this CPU has no int8";
  const ThreadCount two(2);
  WeightMap weights = calibrated_weights(Backbone::kMobileNetV2);
  const Network right(weights);
  for (const char* layer : {"backbone.features.3.conv.1.0", "backbone.features.9.conv.2"}) {
    Tensor& ranges = weights.at(std::string(kCalibrationPrefix) + layer);
    std::fill_n(ranges.values.begin(), ranges.shape[1], -4.0f);
  }
  const Network wrong(std::move(weights));
  BasePlan<float> wanted(right, 34, 60, false, {DecoderMethod::kProjected, true});
  BasePlan<float> found(wrong, 34, 60, false, {DecoderMethod::kProjected, true});
  run_on_noise(wanted);
  run_on_noise(found);
  for (int p = 0; p < 5; ++p) EXPECT_EQ(distance(found, wanted, p).first, 0) << "plane " << p;
}

// Which layers are computed in integers is what is calibrated.
TEST(BasePlan, LayersWithoutCalibrationStayInFloat) {
  if (process_isa() < Isa::kAvx2) GTEST_SKIP() << "this CPU has no int8";
  const ThreadCount two(2);
  BasePlan<float> exact(network(), 34, 60, false);
  BasePlan<float> nothing_calibrated(network(), 34, 60, false, {DecoderMethod::kProjected, true});
  run_on_noise(exact);
  run_on_noise(nothing_calibrated);
  EXPECT_EQ(distance(nothing_calibrated, exact, 0).first, 0);
}

}  // namespace
}  // namespace matting::engine
