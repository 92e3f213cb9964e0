// Weights whose refiner hands the coarse matte on: which ones these are, and that leaving their
// convolutions out changes no matte.
#include "engine/handed_on.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <random>

#include "engine/calibration.hpp"
#include "engine/engine.hpp"
#include "engine/handed_on_patches.hpp"
#include "engine/made_up_weights.hpp"
#include "engine/no_observer.hpp"
#include "engine/safetensors.hpp"
#include "engine/threads.hpp"

namespace matting::engine {
namespace {

WeightMap handing_on() {
  WeightMap weights = made_up_weights(Backbone::kMobileNetV2);
  hand_on(&weights);
  return weights;
}

// The last output reads a random channel: too little for a level, enough to be computed.
WeightMap convolving(WeightMap weights) {
  weights.at("refiner.conv4.weight").values.back() = 1e-6f;
  return weights;
}

bool recognised(const WeightMap& weights) {
  return hands_on(Layers(weights));
}

// ---- recognition

TEST(HandsOn, KnowsTheUntrainedRefiner) {
  EXPECT_TRUE(recognised(handing_on()));
  EXPECT_FALSE(recognised(made_up_weights(Backbone::kMobileNetV2))) << "random, as if trained";
  EXPECT_FALSE(recognised(made_up_weights(Backbone::kMobileNetV2, false))) << "none";
}

TEST(HandsOn, KnowsTheDefaultModel) {
  const std::string file =
      MATTING_SOURCE_DIR "/models/default/mattingrefine_mobilenetv2.safetensors";
  EXPECT_TRUE(recognised(read_safetensors(file).tensors));
}

TEST(HandsOn, IgnoresWhatNothingReads) {
  WeightMap weights = handing_on();
  for (const char* name : {"refiner.conv1.weight", "refiner.conv2.weight", "refiner.conv3.weight",
                           "refiner.bn1.bias", "refiner.bn2.running_mean", "refiner.bn3.weight"}) {
    weights.at(name).values.back() += 0.3f;
  }
  EXPECT_TRUE(recognised(weights));
}

// One value, a little off, of each part that is read.
TEST(HandsOn, IsNothingElse) {
  struct Change {
    const char* tensor;
    std::size_t index;
    float by;
  };
  constexpr std::size_t kTaps = 9, kMiddle = 4;
  const Change changes[] = {
      {"refiner.conv1.weight", 0, 1e-4f},                            // hidden features
      {"refiner.conv1.weight", 32 * kTaps + kMiddle, 1e-4f},         // alpha itself
      {"refiner.conv1.weight", 32 * kTaps + kMiddle + 1, 1e-6f},     // beside it
      {"refiner.conv1.weight", (42 * 2 - 1) * kTaps, -1e-3f},        // the plate
      {"refiner.conv2.weight", (24 + 1) * kTaps + kMiddle, 1e-3f},   // foreground, stretched
      {"refiner.conv2.weight", 23 * kTaps, 1e-3f},                   // a random channel
      {"refiner.conv3.weight", 21 * kTaps, 1e-3f},                   // the plate at full size
      {"refiner.conv4.weight", 4 * kTaps + kMiddle, 1e-6f},          // a random channel
      {"refiner.conv4.weight", (12 + 1) * kTaps + kMiddle, -0.01f},  // foreground
      {"refiner.conv4.bias", 0, 1e-3f},
      {"refiner.conv4.bias", 3, 1e-3f},
      {"refiner.bn1.bias", 0, 1e-3f},
      {"refiner.bn1.bias", 1, 1e-3f},
      {"refiner.bn2.bias", 3, -1e-3f},
      {"refiner.bn2.running_mean", 0, 1e-3f},
      {"refiner.bn3.running_var", 2, 1e-3f},
      {"refiner.bn3.weight", 0, 1e-3f},
  };
  for (const Change& change : changes) {
    WeightMap weights = handing_on();
    weights.at(change.tensor).values.at(change.index) += change.by;
    EXPECT_FALSE(recognised(weights)) << change.tensor << "[" << change.index << "]";
  }
}

TEST(HandsOn, IsNotATapBesideTheMiddle) {
  WeightMap weights = handing_on();
  auto& values = weights.at("refiner.conv3.weight").values;
  std::swap(values[4], values[5]);
  EXPECT_FALSE(recognised(weights));
}

// ---- patches

TEST(HandedOnPatches, AreTheCoarseMapsAtHalfSize) {
  const ThreadCount two(2);
  NetworkSettings settings;
  settings.backbone_scale = 0.37;
  const Geometry geometry(settings, 61, 45);
  const int width = geometry.coarse_width, height = geometry.coarse_height;
  std::vector<std::vector<float>> planes(5, std::vector<float>(width * height));
  std::mt19937 generator(3);
  std::uniform_real_distribution<float> uniform(-1.0f, 1.0f);
  CoarsePlanes coarse;
  for (int p = 0; p < 5; ++p) {
    for (float& value : planes[p]) value = uniform(generator);
    coarse.plane[p] = planes[p].data();
  }
  std::vector<std::int32_t> patches;
  for (int i = 0; i < geometry.patch_rows() * geometry.patch_columns(); i += i % 3 + 1) {
    patches.push_back(i);
  }
  patches.push_back(geometry.patch_rows() * geometry.patch_columns() - 1);
  HandedOnPatches refiner(geometry, coarse);
  StageTimes times;
  refiner.run(patches.data(), static_cast<int>(patches.size()), 0, geometry.patch_rows(), times);

  const BilinearAxis rows = bilinear_axis(height, geometry.padded_height / 2);
  const BilinearAxis columns = bilinear_axis(width, geometry.padded_width / 2);
  for (std::size_t i = 0; i < patches.size(); ++i) {
    for (int p = 0; p < 4; ++p) {
      for (int at = 0; at < kPatch * kPatch; ++at) {
        const int y = patches[i] / geometry.patch_columns() * 2 + at / kPatch / 2;
        const int x = patches[i] % geometry.patch_columns() * 2 + at % kPatch / 2;
        const auto row = [&](int v) {
          const double left = planes[p][v * width + columns.first[x]];
          const double right = planes[p][v * width + columns.second[x]];
          return left + (right - left) * columns.weight[x];
        };
        const double upper = row(rows.first[y]), lower = row(rows.second[y]);
        ASSERT_NEAR(refiner.results()[i].planes[p][at / kPatch][at % kPatch],
                    upper + (lower - upper) * rows.weight[y], 1e-6)
            << "patch " << patches[i] << ", plane " << p << ", pixel " << at;
      }
    }
  }
}

TEST(HandedOnPatches, KeepTheirMemoryBetweenFrames) {
  const ThreadCount two(2);
  const Geometry geometry(NetworkSettings(), 160, 96);
  const std::vector<float> plane(geometry.coarse_width * geometry.coarse_height, 0.5f);
  CoarsePlanes coarse;
  for (const float*& each : coarse.plane) each = plane.data();
  std::vector<std::int32_t> patches(500);
  for (int i = 0; i < 500; ++i) patches[i] = i;
  HandedOnPatches refiner(geometry, coarse);
  StageTimes times;
  refiner.run(patches.data(), 500, 0, geometry.patch_rows(), times);
  const RefinedPatch* const results = refiner.results();
  const std::size_t bytes = refiner.bytes();
  for (int count : {1, 499, 500}) {
    refiner.run(patches.data(), count, 0, geometry.patch_rows(), times);
    EXPECT_EQ(refiner.results(), results);
    EXPECT_EQ(refiner.bytes(), bytes);
  }
}

// ---- mattes

// Smooth, with grain; a brighter rectangle from x on makes it an image of a subject.
Image picture(int width, int height, PixelFormat format, int subject_x) {
  Image image(width, height, format);
  const bool wide = channel_bytes(format) == 2;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      for (int c = 0; c < 3; ++c) {
        const bool subject = x >= subject_x && x < subject_x + width / 3 && y > height / 4;
        const int level = 40 + (x + 2 * y + 30 * c) % 90 + (x * 7 + y * 13) % 9 + 90 * subject;
        std::uint8_t* pixel = image.mutable_view().row(y);
        if (wide) {
          const auto value = static_cast<std::uint16_t>(level * 257 + (x * y) % 200);
          std::memcpy(pixel + 2 * (3 * x + c), &value, sizeof value);
        } else {
          pixel[3 * x + c] = static_cast<std::uint8_t>(level);
        }
      }
    }
  }
  return image;
}

struct Outputs {
  Image alpha, foreground, error;
  FrameReport report;
};

Outputs run(Engine& engine, const NetworkSettings& settings, const Image& image,
            const Image& plate) {
  const int width = image.width(), height = image.height();
  const bool wide = channel_bytes(image.format()) == 2;
  Outputs outputs;
  outputs.alpha = Image(width, height, wide ? PixelFormat::kGray16 : PixelFormat::kGray8);
  outputs.foreground = Image(width, height, wide ? PixelFormat::kRgb16 : PixelFormat::kRgb8);
  outputs.error = Image(width, height, wide ? PixelFormat::kGray16 : PixelFormat::kGray8);
  Frame frame;
  frame.image = image.view();
  frame.plate = plate.view();
  frame.plate.generation = 1;
  frame.alpha = outputs.alpha.mutable_view();
  frame.foreground = outputs.foreground.mutable_view();
  frame.error = outputs.error.mutable_view();
  NoObserver observer;
  outputs.report = engine.run(settings, frame, observer);
  return outputs;
}

struct Difference {
  int largest = 0;
  double mean = 0;
};

// In levels of the images' own depth.
Difference difference(const Image& a, const Image& b) {
  const bool wide = channel_bytes(a.format()) == 2;
  const int values = a.width() * channel_count(a.format());
  Difference found;
  for (int y = 0; y < a.height(); ++y) {
    const auto level = [&](const Image& image, int i) -> int {
      const std::uint8_t* row = image.view().row(y);
      if (!wide) return row[i];
      std::uint16_t value;
      std::memcpy(&value, row + 2 * i, sizeof value);
      return value;
    };
    for (int i = 0; i < values; ++i) {
      const int levels = std::abs(level(a, i) - level(b, i));
      found.largest = std::max(found.largest, levels);
      found.mean += levels;
    }
  }
  found.mean /= static_cast<double>(values) * a.height();
  return found;
}

void expect_same(const Outputs& found, const Outputs& wanted, int levels, const std::string& what) {
  EXPECT_LE(difference(found.alpha, wanted.alpha).largest, levels) << what;
  EXPECT_LE(difference(found.foreground, wanted.foreground).largest, levels) << what;
  EXPECT_EQ(difference(found.error, wanted.error).largest, 0) << what;
  EXPECT_EQ(found.report.refined_share, wanted.report.refined_share) << what;
  EXPECT_EQ(found.report.reused_share, wanted.report.reused_share) << what;
  EXPECT_EQ(found.report.region, wanted.report.region) << what;
}

// Engines with the same weights: `handed` leaves the convolutions out, `convolved` computes them.
class HandedOnMatte : public ::testing::Test {
 protected:
  static std::shared_ptr<const Network> network(bool convolves) {
    static const auto handed = std::make_shared<const Network>(handing_on());
    static const auto convolved = std::make_shared<const Network>(convolving(handing_on()));
    return convolves ? convolved : handed;
  }

  Engine handed{network(false), {2, Precision::kFp32}};
  Engine convolved{network(true), {2, Precision::kFp32}};
};

TEST_F(HandedOnMatte, IsLeftOutHere) {
  EXPECT_TRUE(network(false)->hands_on());
  EXPECT_FALSE(network(true)->hands_on());
}

TEST_F(HandedOnMatte, EqualsTheConvolvedOneInEveryModeAndSize) {
  NetworkSettings settings;
  settings.refine_threshold = 0.2;
  for (const auto& [width, height] : {std::pair(16, 16), {17, 31}, {65, 49}, {130, 33}}) {
    const Image image = picture(width, height, PixelFormat::kRgb8, width / 3);
    const Image plate = picture(width, height, PixelFormat::kRgb8, width);
    settings.refine_pixels = width * height / 3;
    for (RefineMode mode : {RefineMode::kSampling, RefineMode::kThresholding, RefineMode::kFull}) {
      for (double scale : {0.25, 0.37, 1.0}) {
        settings.refine_mode = mode;
        settings.backbone_scale = scale;
        const Outputs found = run(handed, settings, image, plate);
        expect_same(found, run(convolved, settings, image, plate), 1,
                    std::to_string(width) + "x" + std::to_string(height) + " mode " +
                        std::to_string(static_cast<int>(mode)) + " scale " + std::to_string(scale));
        if (mode == RefineMode::kFull) {
          EXPECT_EQ(found.report.refined_share, 1.0);
        }
      }
    }
  }
}

// So that the test above sees patches that were left as they were.
TEST_F(HandedOnMatte, IsNotTheInterpolationAtFullSize) {
  const Image image = picture(130, 65, PixelFormat::kRgb8, 40);
  const Image plate = picture(130, 65, PixelFormat::kRgb8, 130);
  NetworkSettings settings;
  settings.refine_mode = RefineMode::kFull;
  const Outputs full = run(handed, settings, image, plate);
  settings.refine_mode = RefineMode::kSampling;
  settings.refine_pixels = 0;
  EXPECT_GT(difference(full.alpha, run(handed, settings, image, plate).alpha).largest, 4);
}

TEST_F(HandedOnMatte, EqualsTheConvolvedOneInSixteenBits) {
  const Image image = picture(93, 58, PixelFormat::kRgb16, 30);
  const Image plate = picture(93, 58, PixelFormat::kRgb16, 93);
  NetworkSettings settings;
  settings.refine_mode = RefineMode::kFull;
  // Of 65535: BatchNorm's epsilon, which is left out too, is worth up to three.
  expect_same(run(handed, settings, image, plate), run(convolved, settings, image, plate), 6, "");
}

TEST_F(HandedOnMatte, KeepsTheSamePatchesOfAVideo) {
  const Image plate = picture(160, 96, PixelFormat::kRgb8, 160);
  NetworkSettings settings;
  settings.refine_pixels = 16 * 300;
  settings.refine_change = 0.02;
  bool kept = false;
  for (int x : {30, 30, 31, 60, 60}) {
    const Image image = picture(160, 96, PixelFormat::kRgb8, x);
    const Outputs found = run(handed, settings, image, plate);
    expect_same(found, run(convolved, settings, image, plate), 1, std::to_string(x));
    kept = kept || found.report.reused_share > 0;
  }
  EXPECT_TRUE(kept);
}

TEST_F(HandedOnMatte, EqualsTheConvolvedOneInARegion) {
  const Image image = picture(400, 300, PixelFormat::kRgb8, 30);
  const Image plate = picture(400, 300, PixelFormat::kRgb8, 400);
  NetworkSettings settings;
  settings.region_margin = 0.02;
  settings.refine_pixels = 16 * 900;
  const Outputs found = run(handed, settings, image, plate);
  EXPECT_LT(found.report.region.width, 400);
  EXPECT_GT(found.report.refined_share, 0);
  expect_same(found, run(convolved, settings, image, plate), 1, "");
}

TEST_F(HandedOnMatte, IsTheSameOnAnyNumberOfThreads) {
  const Image image = picture(130, 97, PixelFormat::kRgb8, 30);
  const Image plate = picture(130, 97, PixelFormat::kRgb8, 130);
  NetworkSettings settings;
  settings.refine_mode = RefineMode::kFull;
  Engine one(network(false), {1, Precision::kFp32});
  expect_same(run(one, settings, image, plate), run(handed, settings, image, plate), 0, "");
}

TEST_F(HandedOnMatte, TakesLessMemoryAndNamesWhatHappens) {
  const Image image = picture(640, 360, PixelFormat::kRgb8, 200);
  const Image plate = picture(640, 360, PixelFormat::kRgb8, 640);
  NetworkSettings settings;
  const auto stages = [&](Engine& engine) {
    run(engine, settings, image, plate);
    std::string names;
    for (const auto& entry : engine.times().entries()) names += std::string(entry.first) + ",";
    return names;
  };
  EXPECT_NE(stages(convolved).find("hidden,tiling,refiner,"), std::string::npos);
  EXPECT_NE(stages(handed).find("selection,refiner,output,"), std::string::npos);
  EXPECT_LT(handed.plan_bytes(), convolved.plan_bytes());
  const std::uint64_t estimate = handed.estimate_memory(settings, 640, 360);
  EXPECT_LT(estimate, convolved.estimate_memory(settings, 640, 360));
  EXPECT_GT(estimate, 0.6 * handed.plan_bytes());
  EXPECT_LT(estimate, 2.5 * handed.plan_bytes());
}

// In reduced precisions convolutions round what they carry: what is handed on without them is
// nearer to fp32.
class HandedOnRounded : public HandedOnMatte {
 protected:
  // Refines all of the picture; returns how alpha differs.
  Difference expect_close(Engine& left_out, Engine& computed) const {
    const Outputs found = run(left_out, settings, image, plate);
    const Outputs wanted = run(computed, settings, image, plate);
    const Difference alpha = difference(found.alpha, wanted.alpha);
    EXPECT_LT(alpha.mean, 1);
    EXPECT_LT(difference(found.foreground, wanted.foreground).mean, 1.5);
    return alpha;
  }

  void SetUp() override { settings.refine_mode = RefineMode::kFull; }

  const Image image = picture(97, 66, PixelFormat::kRgb8, 30);
  const Image plate = picture(97, 66, PixelFormat::kRgb8, 97);
  NetworkSettings settings;
};

// bf16 rounds a foreground of up to 1 to 1/256 where convolutions carry it as up to 2.
TEST_F(HandedOnRounded, IsCloseToTheConvolvedOneInBFloat16) {
  if (process_isa() < Isa::kAvx512Bf16) GTEST_SKIP() << "this CPU has no bf16";
  Engine left_out(network(false), {2, Precision::kBf16});
  Engine computed(network(true), {2, Precision::kBf16});
  EXPECT_LE(expect_close(left_out, computed).largest, 8);
}

TEST_F(HandedOnRounded, IsCloseToTheConvolvedOneInIntegers) {
  if (process_isa() < Isa::kAvx2) GTEST_SKIP() << "this CPU has no int8";
  const WeightMap ranges =
      calibration_of(*network(false), image.view(), plate.view(), settings.backbone_scale);
  const auto calibrated = [&](WeightMap weights) {
    weights.insert(ranges.begin(), ranges.end());
    return std::make_shared<const Network>(std::move(weights));
  };
  Engine left_out(calibrated(handing_on()), {2, Precision::kInt8});
  Engine computed(calibrated(convolving(handing_on())), {2, Precision::kInt8});
  expect_close(left_out, computed);
}

}  // namespace
}  // namespace matting::engine
