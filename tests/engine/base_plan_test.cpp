// The base network: what its ways through the decoder agree on.
#include "engine/base_plan.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <random>

#include "engine/calibration.hpp"
#include "engine/coarse_blocks.hpp"
#include "engine/made_up_weights.hpp"
#include "engine/noise.hpp"
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

// Alpha, residual RGB and error are the same whether hidden features are computed beside them.
template <class T>
void expect_same_maps_without_hidden(const Network& network, DecoderMethod decoder, double most) {
  const ThreadCount two(2);
  for (const auto& [height, width] : {std::pair(16, 16), {34, 60}, {45, 37}}) {
    BasePlan<T> with(network, height, width, true, decoder);
    BasePlan<T> without(network, height, width, false, decoder);
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
    BasePlan<float> joined(network(), height, width, true, DecoderMethod::kJoined);
    BasePlan<float> projected(network(), height, width, true, DecoderMethod::kProjected);
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
  BasePlan<float> plan(network(), kHeight, kWidth, true, DecoderMethod::kProjected);
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
  expect_same_maps_without_hidden<float>(network(), DecoderMethod::kProjected, 0);
  expect_same_maps_without_hidden<float>(network(), DecoderMethod::kJoined, 1e-5);
}

TEST(BasePlan, WithoutARefinerComputesNoHiddenFeaturesInBFloat16) {
  if (process_isa() < Isa::kAvx512Bf16) GTEST_SKIP() << "this CPU has no bf16";
  // A value between 0.5 and 1 is rounded to 1/512 of it.
  expect_same_maps_without_hidden<BFloat16>(network(), DecoderMethod::kJoined, 1.0 / 256);
}

TEST(BasePlan, WithoutARefinerComputesNoHiddenFeaturesInIntegers) {
  if (process_isa() < Isa::kAvx512Vnni) GTEST_SKIP() << "this CPU has no int8";
  Calibration calibration(network());
  const Image picture = noise(48, 48, 12);
  calibration.add(picture.view(), picture.view(), 1.0);
  WeightMap weights = made_up_weights(Backbone::kMobileNetV2);
  weights.merge(calibration.tensors());
  const Network calibrated(std::move(weights));
  expect_same_maps_without_hidden<float>(calibrated, DecoderMethod::kIntegers, 1e-5);
}

}  // namespace
}  // namespace matting::engine
