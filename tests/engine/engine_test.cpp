// The whole engine on pictures of every format and on awkward sizes, with made-up weights.
#include "engine/engine.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <random>
#include <thread>

#include "engine/calibration.hpp"
#include "engine/made_up_weights.hpp"
#include "engine/threads.hpp"
#include "infer_background_matting/error.hpp"

namespace matting::engine {
namespace {

std::shared_ptr<const Network> mobile_network() {
  static const auto network =
      std::make_shared<const Network>(made_up_weights(Backbone::kMobileNetV2));
  return network;
}

class Observer : public StageObserver {
 public:
  void begin_stage(const char* name) override {
    stages.push_back(name);
    if (stop_at && stages.back() == stop_at) throw Error(ErrorCode::kCancelled, "stopped");
  }
  std::vector<std::string> stages;
  const char* stop_at = nullptr;
};

int level_of(const ImageView& view, int x, int y, int channel) {
  const std::uint8_t* pixel = view.row(y) + x * pixel_bytes(view.format);
  if (channel_bytes(view.format) == 1) return pixel[channel];
  std::uint16_t value;
  std::memcpy(&value, pixel + 2 * channel, sizeof value);
  return value;
}

void set_level(const MutableImageView& view, int x, int y, int channel, int level) {
  std::uint8_t* pixel = view.row(y) + x * pixel_bytes(view.format);
  if (channel_bytes(view.format) == 1) {
    pixel[channel] = static_cast<std::uint8_t>(level);
    return;
  }
  const auto value = static_cast<std::uint16_t>(level);
  std::memcpy(pixel + 2 * channel, &value, sizeof value);
}

Image noise(int width, int height, unsigned seed, PixelFormat format = PixelFormat::kRgb8) {
  Image image(width, height, format);
  std::mt19937 generator(seed);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      for (int c = 0; c < channel_count(format); ++c) {
        set_level(image.mutable_view(), x, y, c,
                  (x * 3 + y * 2 + static_cast<int>(generator() % 90)) % 256);
      }
    }
  }
  return image;
}

// The same picture in another format; 16 bits are levels times 257, a fourth channel is noise.
Image converted(const Image& rgb, PixelFormat format) {
  Image image(rgb.width(), rgb.height(), format);
  const bool swapped = format == PixelFormat::kBgr8 || format == PixelFormat::kBgra8 ||
                       format == PixelFormat::kBgr16 || format == PixelFormat::kBgra16;
  const int factor = channel_bytes(format) == 2 ? 257 : 1;
  for (int y = 0; y < rgb.height(); ++y) {
    for (int x = 0; x < rgb.width(); ++x) {
      for (int c = 0; c < channel_count(format); ++c) {
        const int level = c == 3 ? (x * y) % 256 : level_of(rgb.view(), x, y, swapped ? 2 - c : c);
        set_level(image.mutable_view(), x, y, c, level * factor);
      }
    }
  }
  return image;
}

struct Result {
  Image composite, alpha, foreground, error;
  FrameReport report;
};

struct Job {
  NetworkSettings settings;
  EngineOptions options{2, Precision::kFp32};
  Image image, plate, mask, background;
  PixelFormat composite = PixelFormat::kRgba8;
};

Job job(int width, int height) {
  Job made;
  made.image = noise(width, height, 1);
  made.plate = noise(width, height, 2);
  made.settings.refine_pixels = width * height / 4;
  return made;
}

Result run(const Job& made, Engine* engine = nullptr) {
  const int width = made.image.width(), height = made.image.height();
  const bool wide = channel_bytes(made.image.format()) == 2;
  Result result;
  result.composite = Image(width, height, made.composite);
  result.alpha = Image(width, height, wide ? PixelFormat::kGray16 : PixelFormat::kGray8);
  result.foreground = Image(width, height, wide ? PixelFormat::kRgb16 : PixelFormat::kRgb8);
  result.error = Image(width, height, wide ? PixelFormat::kGray16 : PixelFormat::kGray8);
  Frame frame;
  frame.image = made.image.view();
  frame.plate = made.plate.view();
  if (!made.mask.empty()) frame.mask = made.mask.view();
  if (!made.background.empty()) frame.background = made.background.view();
  frame.composite = result.composite.mutable_view();
  frame.alpha = result.alpha.mutable_view();
  frame.foreground = result.foreground.mutable_view();
  frame.error = result.error.mutable_view();
  Observer observer;
  Engine own(mobile_network(), made.options);
  result.report = (engine ? *engine : own).run(made.settings, frame, observer);
  return result;
}

int largest_difference(const Image& a, const Image& b) {
  int largest = 0;
  for (int y = 0; y < a.height(); ++y) {
    for (int x = 0; x < a.width(); ++x) {
      for (int c = 0; c < channel_count(a.format()); ++c) {
        largest =
            std::max(largest, std::abs(level_of(a.view(), x, y, c) - level_of(b.view(), x, y, c)));
      }
    }
  }
  return largest;
}

bool flat(const Image& image) {
  for (int y = 0; y < image.height(); ++y) {
    for (int x = 0; x < image.width(); ++x) {
      if (level_of(image.view(), x, y, 0) != level_of(image.view(), 0, 0, 0)) return false;
    }
  }
  return true;
}

TEST(Engine, TellsColourOrderAndIgnoresTheFourthChannel) {
  Job made = job(53, 38);
  const Image image = made.image, plate = made.plate;
  const Result wanted = run(made);
  EXPECT_FALSE(flat(wanted.alpha));
  for (PixelFormat format : {PixelFormat::kBgr8, PixelFormat::kRgba8, PixelFormat::kBgra8}) {
    made.image = converted(image, format);
    made.plate = converted(plate, format == PixelFormat::kBgr8 ? PixelFormat::kRgb8 : format);
    const Result found = run(made);
    EXPECT_EQ(largest_difference(found.alpha, wanted.alpha), 0) << format_name(format);
    EXPECT_EQ(largest_difference(found.foreground, wanted.foreground), 0) << format_name(format);
    EXPECT_EQ(largest_difference(found.error, wanted.error), 0) << format_name(format);
  }
}

TEST(Engine, SixteenBitsAgreeWithEight) {
  Job made = job(44, 36);
  const Result eight = run(made);
  made.image = converted(made.image, PixelFormat::kBgr16);
  made.plate = converted(made.plate, PixelFormat::kRgba16);
  made.composite = PixelFormat::kRgba16;
  const Result sixteen = run(made);
  for (int y = 0; y < 36; ++y) {
    for (int x = 0; x < 44; ++x) {
      EXPECT_NEAR(level_of(sixteen.alpha.view(), x, y, 0) / 257.0,
                  level_of(eight.alpha.view(), x, y, 0), 0.51);
      EXPECT_NEAR(level_of(sixteen.foreground.view(), x, y, 2) / 257.0,
                  level_of(eight.foreground.view(), x, y, 2), 0.51);
    }
  }
}

TEST(Engine, GreyIsColourWithEqualChannels) {
  Job made = job(40, 24);
  Image gray(40, 24, PixelFormat::kGray8), color(40, 24, PixelFormat::kRgb8);
  for (int y = 0; y < 24; ++y) {
    for (int x = 0; x < 40; ++x) {
      const int level = level_of(made.image.view(), x, y, 0);
      set_level(gray.mutable_view(), x, y, 0, level);
      for (int c = 0; c < 3; ++c) set_level(color.mutable_view(), x, y, c, level);
    }
  }
  made.image = color;
  const Result wanted = run(made);
  made.image = gray;
  const Result found = run(made);
  EXPECT_EQ(largest_difference(found.alpha, wanted.alpha), 0);
  EXPECT_EQ(largest_difference(found.foreground, wanted.foreground), 0);
}

TEST(Engine, RunsOddAndSmallSizesInEveryMode) {
  for (const auto& [width, height] : {std::pair(16, 16), {17, 31}, {65, 49}, {130, 33}}) {
    for (RefineMode mode : {RefineMode::kSampling, RefineMode::kThresholding, RefineMode::kFull}) {
      for (double scale : {0.25, 0.37, 1.0}) {
        Job made = job(width, height);
        made.settings.refine_mode = mode;
        made.settings.refine_threshold = 0.2;
        made.settings.backbone_scale = scale;
        const Result result = run(made);
        EXPECT_EQ(result.alpha.width(), width);
        if (mode == RefineMode::kFull) {
          EXPECT_EQ(result.report.refined_share, 1.0);
        }
        EXPECT_LE(result.report.error_mean, result.report.error_max);
      }
    }
  }
}

// Full refinement and a sample of everything are one thing where every error is above 0.
TEST(Engine, CoverOfPatchesDoesNotMatter) {
  Job made = job(96, 64);
  made.settings.refine_mode = RefineMode::kFull;
  const Result full = run(made);
  made.settings.refine_mode = RefineMode::kSampling;
  for (int pixels : {160, 1600, 3200}) {
    made.settings.refine_pixels = pixels;
    const Result part = run(made);
    int same = 0;
    for (int row = 0; row < 16; ++row) {
      for (int column = 0; column < 24; ++column) {
        bool equal = true;
        for (int i = 0; i < 16; ++i) {
          const int x = 4 * column + i % 4, y = 4 * row + i / 4;
          equal = equal && std::abs(level_of(part.alpha.view(), x, y, 0) -
                                    level_of(full.alpha.view(), x, y, 0)) <= 1;
        }
        same += equal;
      }
    }
    EXPECT_GE(same, static_cast<int>(part.report.refined_share * 384 + 0.5));
  }
}

TEST(Engine, BaseGivesAMatteAtFullSize) {
  Job made = job(61, 45);
  made.settings.type = ModelType::kMattingBase;
  const Result result = run(made);
  EXPECT_FALSE(flat(result.alpha));
  EXPECT_EQ(result.report.refined_share, 0);
}

TEST(Engine, MaskDecidesWhereItIsSure) {
  Job made = job(48, 32);
  made.mask = Image(48, 32, PixelFormat::kGray8);
  for (int y = 0; y < 32; ++y) {
    for (int x = 0; x < 48; ++x) {
      set_level(made.mask.mutable_view(), x, y, 0, x < 10 ? 0 : x < 20 ? 255 : 128);
    }
  }
  const Result masked = run(made);
  made.mask = Image();
  const Result free = run(made);
  for (int y = 0; y < 32; ++y) {
    EXPECT_EQ(level_of(masked.alpha.view(), 3, y, 0), 0);
    EXPECT_EQ(level_of(masked.alpha.view(), 12, y, 0), 255);
    EXPECT_EQ(level_of(masked.foreground.view(), 12, y, 1), level_of(made.image.view(), 12, y, 1));
    EXPECT_EQ(level_of(masked.alpha.view(), 30, y, 0), level_of(free.alpha.view(), 30, y, 0));
  }
}

TEST(Engine, CompositeFollowsFromAlphaAndForeground) {
  Job made = job(50, 30);
  const Result cut = run(made);
  made.background = noise(50, 30, 9, PixelFormat::kBgr8);
  made.composite = PixelFormat::kRgb8;
  const Result placed = run(made);
  for (int y = 0; y < 30; ++y) {
    for (int x = 0; x < 50; ++x) {
      const int alpha = level_of(cut.alpha.view(), x, y, 0);
      EXPECT_EQ(level_of(cut.composite.view(), x, y, 3), alpha);
      for (int c = 0; c < 3; ++c) {
        const int color = level_of(cut.foreground.view(), x, y, c);
        EXPECT_EQ(level_of(cut.composite.view(), x, y, c), alpha ? color : 0);
        const int behind = level_of(made.background.view(), x, y, 2 - c);
        const double wanted = behind + (color - behind) * alpha / 255.0;
        EXPECT_NEAR(level_of(placed.composite.view(), x, y, c), wanted, 1.6);
      }
    }
  }
}

TEST(Engine, WritesNothingBesideItsRowsAndSkipsNullOutputs) {
  constexpr int kWidth = 37, kHeight = 20, kStride = 64;
  const Job made = job(kWidth, kHeight);
  std::vector<std::uint8_t> pixels(kStride * kHeight, 123);
  Frame frame;
  frame.image = made.image.view();
  frame.plate = made.plate.view();
  frame.alpha = {PixelFormat::kGray8, kWidth, kHeight, kStride, pixels.data()};
  Observer observer;
  Engine(mobile_network(), made.options).run(made.settings, frame, observer);
  const Result wanted = run(made);
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) {
      EXPECT_EQ(pixels[y * kStride + x], level_of(wanted.alpha.view(), x, y, 0));
    }
    for (int x = kWidth; x < kStride; ++x) EXPECT_EQ(pixels[y * kStride + x], 123);
  }
}

TEST(Engine, AnnouncesStagesAndStopsAtOne) {
  const Job made = job(32, 32);
  Image alpha(32, 32, PixelFormat::kGray8);
  Frame frame;
  frame.image = made.image.view();
  frame.plate = made.plate.view();
  frame.alpha = alpha.mutable_view();
  Engine engine(mobile_network(), made.options);
  Observer observer;
  engine.run(made.settings, frame, observer);
  EXPECT_THAT(observer.stages, ::testing::ElementsAre("input", "network", "output"));
  observer.stop_at = "network";
  EXPECT_THROW(engine.run(made.settings, frame, observer), Error);
  observer.stop_at = nullptr;
  engine.run(made.settings, frame, observer);
}

TEST(Engine, KeepsOnePlanForAllThatHasItsSize) {
  Job made = job(64, 48);
  Engine engine(mobile_network(), made.options);
  const Result first = run(made, &engine);
  const std::uint64_t bytes = engine.plan_bytes();
  EXPECT_GT(bytes, 0u);
  made.settings.refine_pixels = 0;
  EXPECT_EQ(run(made, &engine).report.refined_share, 0);
  Job other = job(96, 80);
  run(other, &engine);
  EXPECT_GT(engine.plan_bytes(), bytes);
  made.settings.refine_pixels = 64 * 48 / 4;
  const Result again = run(made, &engine);
  EXPECT_EQ(largest_difference(first.alpha, again.alpha), 0);
}

TEST(Engine, EstimatesTheMemoryOfItsPlan) {
  const Job made = job(640, 360);
  Engine engine(mobile_network(), made.options);
  const double estimate = static_cast<double>(engine.estimate_memory(made.settings, 640, 360));
  engine.prepare(made.settings, 640, 360);
  const double real = static_cast<double>(engine.plan_bytes());
  EXPECT_GT(estimate, 0.6 * real);
  EXPECT_LT(estimate, 2.5 * real);
}

TEST(Engine, InstancesInSeveralThreadsAgree) {
  const Job made = job(80, 60);
  const Result wanted = run(made);
  std::vector<std::thread> threads;
  std::vector<int> differences(4, -1);
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back(
        [&, i] { differences[i] = largest_difference(run(made).alpha, wanted.alpha); });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(differences, ::testing::Each(0));
}

// Seen in a host whose libraries call omp_set_dynamic(1): on a busy machine mattes came out wrong.
TEST(Engine, KeepsTheRuntimeFromTakingFewerThreads) {
  const int threads_before = omp_get_max_threads();
  omp_set_dynamic(1);
  {
    const ThreadCount count(threads_before + 1);
    EXPECT_FALSE(omp_get_dynamic());
    EXPECT_EQ(omp_get_max_threads(), threads_before + 1);
  }
  EXPECT_TRUE(omp_get_dynamic());
  EXPECT_EQ(omp_get_max_threads(), threads_before);
  omp_set_dynamic(0);
}

TEST(Engine, RefusesWhatItCannotDo) {
  const auto base_only =
      std::make_shared<const Network>(made_up_weights(Backbone::kMobileNetV2, false));
  Engine engine(base_only, {1, Precision::kFp32});
  NetworkSettings settings;
  try {
    engine.prepare(settings, 64, 64);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kNotSupported);
    EXPECT_THAT(error.what(), ::testing::HasSubstr("refiner.conv1.weight"));
  }
  settings.type = ModelType::kMattingBase;
  engine.prepare(settings, 64, 64);
  EXPECT_THROW(Engine(base_only, {1, Precision::kFp16}), Error);
  settings = NetworkSettings();
  settings.backbone_scale = 0.01;
  EXPECT_THROW(Engine(mobile_network(), {1, Precision::kFp32}).prepare(settings, 64, 64), Error);
}

TEST(Engine, BFloat16IsCloseOnSmoothParts) {
  if (process_isa() < Isa::kAvx512Bf16) GTEST_SKIP() << "this CPU has no bf16";
  Job made = job(96, 64);
  made.settings.refine_pixels = 0;
  const Result fp32 = run(made);
  made.options.precision = Precision::kBf16;
  const Result bf16 = run(made);
  double sum = 0;
  for (int y = 0; y < 64; ++y) {
    for (int x = 0; x < 96; ++x) {
      sum += std::abs(level_of(fp32.error.view(), x, y, 0) - level_of(bf16.error.view(), x, y, 0));
    }
  }
  EXPECT_LT(sum / (96 * 64), 8);  // levels; random weights amplify rounding
}

TEST(Engine, IntegersAreCloseOnceCalibrated) {
  if (process_isa() < Isa::kAvx2) GTEST_SKIP() << "this CPU has no int8";
  EXPECT_THROW(Engine(mobile_network(), {1, Precision::kInt8}), Error);
  Job made = job(97, 66);
  made.settings.refine_pixels = 0;
  WeightMap weights = made_up_weights(Backbone::kMobileNetV2);
  weights.merge(calibration_of(*mobile_network(), made.image.view(), made.plate.view(),
                               made.settings.backbone_scale));
  Engine engine(std::make_shared<const Network>(std::move(weights)), {2, Precision::kInt8});
  const Result integers = run(made, &engine);
  const Result fp32 = run(made);
  EXPECT_FALSE(flat(integers.error));
  double sum = 0;
  for (int y = 0; y < 66; ++y) {
    for (int x = 0; x < 97; ++x) {
      sum +=
          std::abs(level_of(fp32.error.view(), x, y, 0) - level_of(integers.error.view(), x, y, 0));
    }
  }
  EXPECT_LT(sum / (97 * 66), 8);
}

// bf16 where that is fast, else integers where the model is calibrated, else fp32.
TEST(Engine, AutoTakesIntegersOfCalibratedModels) {
  const Precision plain = Engine(mobile_network(), {1, Precision::kAuto}).precision();
  EXPECT_EQ(plain, best_float(process_isa()));
  const Job made = job(97, 66);
  const WeightMap all = calibration_of(*mobile_network(), made.image.view(), made.plate.view(),
                                       made.settings.backbone_scale);
  const auto precision = [&](WeightMap ranges, Precision wanted) {
    WeightMap weights = made_up_weights(Backbone::kMobileNetV2);
    weights.merge(std::move(ranges));
    return Engine(std::make_shared<const Network>(std::move(weights)), {1, wanted}).precision();
  };
  const bool integers = plain == Precision::kFp32 && process_isa() >= Isa::kAvx2;
  EXPECT_EQ(precision(all, Precision::kAuto), integers ? Precision::kInt8 : plain);

  WeightMap without_aspp = all;
  without_aspp.erase("calibration.aspp.project.0");
  EXPECT_EQ(precision(without_aspp, Precision::kAuto), plain);
  if (process_isa() < Isa::kAvx2) GTEST_SKIP() << "this CPU has no int8";
  EXPECT_EQ(precision(without_aspp, Precision::kInt8), Precision::kInt8);
  WeightMap without_decoder = all;
  without_decoder.erase("calibration.decoder.conv2");
  EXPECT_THROW(precision(without_decoder, Precision::kInt8), Error);
}

TEST(Engine, ResNetsRun) {
  for (Backbone backbone : {Backbone::kResNet50, Backbone::kResNet101}) {
    Engine engine(std::make_shared<const Network>(made_up_weights(backbone)),
                  {2, Precision::kFp32});
    const Job made = job(64, 48);
    EXPECT_FALSE(flat(run(made, &engine).error));
  }
}

}  // namespace
}  // namespace matting::engine
