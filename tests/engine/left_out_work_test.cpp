// Work that is left out when it is asked for: outside the subject's region, and in patches that did
// not change since the frame before.
#include <gtest/gtest.h>

#include <cmath>

#include "engine/engine.hpp"
#include "engine/kept_patches.hpp"
#include "engine/made_up_weights.hpp"
#include "engine/subject_region.hpp"
#include "engine/threads.hpp"
#include "infer_background_matting/error.hpp"

namespace matting::engine {
namespace {

constexpr int kWidth = 640, kHeight = 400;

std::shared_ptr<const Network> network() {
  static const auto instance =
      std::make_shared<const Network>(made_up_weights(Backbone::kMobileNetV2));
  return instance;
}

class NoObserver : public StageObserver {
 public:
  void begin_stage(const char* name) override { stages.emplace_back(name); }
  std::vector<std::string> stages;
};

// A textured wall.
Image wall(int width = kWidth, int height = kHeight) {
  Image image(width, height, PixelFormat::kRgb8);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < 3 * width; ++x) {
      image.mutable_view().row(y)[x] = static_cast<std::uint8_t>(60 + (x * 7 + y * 5) % 40);
    }
  }
  return image;
}

// `amount` added to every value in a rectangle.
void brighten(Image& image, const PixelRegion& where, int amount) {
  for (int y = where.y; y < where.y + where.height; ++y) {
    for (int x = 3 * where.x; x < 3 * (where.x + where.width); ++x) {
      std::uint8_t& value = image.mutable_view().row(y)[x];
      value = static_cast<std::uint8_t>(value + amount);
    }
  }
}

struct Outputs {
  Image composite{kWidth, kHeight, PixelFormat::kRgba8},
      alpha{kWidth, kHeight, PixelFormat::kGray8}, foreground{kWidth, kHeight, PixelFormat::kRgb8},
      error{kWidth, kHeight, PixelFormat::kGray8};
  FrameReport report;

  bool operator==(const Outputs& other) const {
    return same(alpha, other.alpha) && same(foreground, other.foreground) &&
           same(composite, other.composite) && same(error, other.error);
  }
  static bool same(const Image& a, const Image& b) {
    return std::equal(a.view().row(0), a.view().row(a.height()), b.view().row(0));
  }
};

class Frames {
 public:
  explicit Frames(int threads = 2) : engine_(network(), {threads, Precision::kFp32}) {
    settings.refine_pixels = 16 * 600;
  }

  Outputs run(const Image& image, const Image& plate, std::uint64_t plate_generation = 1) {
    Outputs outputs;
    Frame frame;
    frame.image = image.view();
    frame.plate = plate.view();
    frame.plate.generation = plate_generation;
    frame.composite = outputs.composite.mutable_view();
    frame.alpha = outputs.alpha.mutable_view();
    frame.foreground = outputs.foreground.mutable_view();
    frame.error = outputs.error.mutable_view();
    if (!mask.empty()) frame.mask = mask.view();
    outputs.report = engine_.run(settings, frame, observer);
    return outputs;
  }

  NetworkSettings settings;
  Image mask;
  NoObserver observer;

 private:
  Engine engine_;
};

// ---- the region

TEST(SubjectRegion, HoldsWhatDiffersAndTheMargin) {
  const ThreadCount two(2);
  const Image plate = wall();
  for (const PixelRegion& subject :
       {PixelRegion{300, 150, 60, 80}, {0, 0, 20, 20}, {600, 380, 40, 20}, {10, 10, 620, 380}}) {
    Image image = plate;
    brighten(image, subject, 80);
    SubjectRegion region(network()->kernels());
    const PixelRegion found = region.choose(image.view(), plate.view(), 0.05);
    constexpr int kMargin = 32;  // 0.05 * 640
    EXPECT_LE(found.x, std::max(0, subject.x - kMargin));
    EXPECT_LE(found.y, std::max(0, subject.y - kMargin));
    EXPECT_GE(found.x + found.width, std::min(kWidth, subject.x + subject.width + kMargin));
    EXPECT_GE(found.y + found.height, std::min(kHeight, subject.y + subject.height + kMargin));
    EXPECT_GE(found.x, 0);
    EXPECT_GE(found.y, 0);
    EXPECT_LE(found.x + found.width, kWidth);
    EXPECT_LE(found.y + found.height, kHeight);
  }
}

TEST(SubjectRegion, IsEmptyWithoutASubjectAndIgnoresNoise) {
  const ThreadCount two(2);
  const Image plate = wall();
  Image image = plate;
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < 3 * kWidth; ++x) image.mutable_view().row(y)[x] ^= (x * y / 3) % 4;
  }
  SubjectRegion region(network()->kernels());
  EXPECT_TRUE(region.choose(image.view(), plate.view(), 0.1).empty());
}

TEST(SubjectRegion, KeepsItsSizeWhileTheSubjectMoves) {
  const ThreadCount two(2);
  const Image plate = wall();
  SubjectRegion region(network()->kernels());
  PixelRegion first;
  for (int x = 100; x < 300; x += 13) {
    Image image = plate;
    brighten(image, {x, 120, 150, 200}, 80);
    const PixelRegion found = region.choose(image.view(), plate.view(), 0.02);
    if (x == 100) first = found;
    EXPECT_LE(std::abs(found.width - first.width), 64) << "one step at most";
    EXPECT_LE(found.x, x);
    EXPECT_GE(found.x + found.width, x + 150);
  }
}

TEST(SubjectRegion, ForgetsItsSizeWithAPlateOfAnotherGeneration) {
  const ThreadCount two(2);
  const Image plate = wall();
  ImageView plate_view = plate.view();
  const auto chosen = [&](SubjectRegion& region, int subject_width, std::uint64_t generation) {
    Image image = plate;
    brighten(image, {100, 120, subject_width, 200}, 80);
    plate_view.generation = generation;
    return region.choose(image.view(), plate_view, 0.02);
  };
  SubjectRegion used(network()->kernels()), fresh(network()->kernels());
  chosen(used, 250, 1);
  EXPECT_GT(chosen(used, 180, 1).width, chosen(fresh, 180, 1).width) << "kept: the plate is the same";
  EXPECT_EQ(chosen(used, 180, 2).width, chosen(fresh, 180, 2).width);
}

// In the region the engine does what it would do for the region as a picture of its own.
TEST(Region, IsAPictureOfItsOwn) {
  const Image plate = wall();
  Image image = plate;
  brighten(image, {40, 200, 100, 90}, 90);
  Frames frames;
  frames.settings.region_margin = 0.05;
  const Outputs outputs = frames.run(image, plate);
  const PixelRegion region = outputs.report.region;
  ASSERT_LT(region.width, kWidth);
  ASSERT_LT(region.height, kHeight);
  EXPECT_EQ(frames.observer.stages, (std::vector<std::string>{"input", "network", "output"}));

  Image alone(region.width, region.height, PixelFormat::kGray8);
  Frame frame;
  frame.image = image.view();
  frame.plate = plate.view();
  for (ImageView* view : {&frame.image, &frame.plate}) {
    view->data = view->row(region.y) + 3 * region.x;
    view->width = region.width;
    view->height = region.height;
  }
  frame.alpha = alone.mutable_view();
  NetworkSettings settings = frames.settings;
  settings.region_margin.reset();
  NoObserver observer;
  Engine(network(), {2, Precision::kFp32}).run(settings, frame, observer);

  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) {
      const bool inside = x >= region.x && x < region.x + region.width && y >= region.y &&
                          y < region.y + region.height;
      const int wanted = inside ? alone.view().row(y - region.y)[x - region.x] : 0;
      ASSERT_EQ(outputs.alpha.view().row(y)[x], wanted) << x << ", " << y;
      if (inside) continue;
      ASSERT_EQ(outputs.composite.view().row(y)[4 * x + 3], 0);
      ASSERT_EQ(outputs.error.view().row(y)[x], 0);
      ASSERT_EQ(outputs.foreground.view().row(y)[3 * x + 1], image.view().row(y)[3 * x + 1]);
    }
  }
}

TEST(Region, WithoutASubjectNothingRunsAndTheMaskStillDecides) {
  const Image plate = wall();
  Frames frames;
  frames.settings.region_margin = 0.1;
  frames.mask = Image(kWidth, kHeight, PixelFormat::kGray8);
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) frames.mask.mutable_view().row(y)[x] = x < 50 ? 255 : 128;
  }
  const Outputs outputs = frames.run(plate, plate);
  EXPECT_TRUE(outputs.report.region.empty());
  EXPECT_EQ(outputs.report.refined_share, 0);
  EXPECT_EQ(frames.observer.stages.size(), 3u) << "each stage is announced, whatever it does";
  EXPECT_EQ(outputs.alpha.view().row(7)[20], 255);
  EXPECT_EQ(outputs.alpha.view().row(7)[60], 0);
}

TEST(Region, OffIsTheWholeFrame) {
  Frames frames;
  const Outputs outputs = frames.run(wall(), wall());
  EXPECT_EQ(outputs.report.region, (PixelRegion{0, 0, kWidth, kHeight}));
}

// ---- patches that are kept

Image scene(int subject_x) {
  Image image = wall();
  brighten(image, {subject_x, 100, 120, 160}, 90);
  return image;
}

TEST(KeptPatches, ARepeatedFrameIsRefinedOnce) {
  const Image image = scene(200), plate = wall();
  Frames frames;
  const Outputs wanted = frames.run(image, plate);
  frames.settings.refine_change = 0.0;
  const Outputs first = frames.run(image, plate), second = frames.run(image, plate);
  EXPECT_EQ(first.report.reused_share, 0);
  EXPECT_EQ(first.report.refined_share, wanted.report.refined_share);
  EXPECT_EQ(second.report.refined_share, 0);
  EXPECT_EQ(second.report.reused_share, first.report.refined_share);
  EXPECT_TRUE(first == wanted);
  EXPECT_TRUE(second == wanted);
}

TEST(KeptPatches, WhatMovesIsRefinedAgain) {
  const Image plate = wall();
  Frames frames;
  frames.settings.refine_change = 0.02;
  frames.run(scene(200), plate);
  const Outputs moved = frames.run(scene(280), plate);
  Frames fresh;
  const Outputs wanted = fresh.run(scene(280), plate);
  EXPECT_GT(moved.report.refined_share, 0);
  // Patches beside what moved see other colours; the rest may only be what it was.
  for (int y = 110; y < 250; ++y) {
    for (int x = 200; x < 400; ++x) {
      ASSERT_NEAR(moved.alpha.view().row(y)[x], wanted.alpha.view().row(y)[x], 6) << x << ", " << y;
    }
  }
}

// Steps below the threshold add up: what counts is the change since the patch was refined.
TEST(KeptPatches, ASlowFadeIsSeen) {
  const ThreadCount two(2);
  const Geometry geometry(NetworkSettings(), kWidth, kHeight);
  const std::vector<float> plane(geometry.coarse_width * geometry.coarse_height, 0.5f);
  CoarsePlanes coarse;
  for (const float*& each : coarse.plane) each = plane.data();
  const std::vector<std::int32_t> patches = {0, 5000, 15999};  // in two corners, too
  KeptPatches kept(network()->kernels(), geometry);
  Image image = scene(200);
  const std::vector<RefinedPatch> results(patches.size());
  const bool held[] = {false, true, true, false, true, true, false};
  for (bool expected : held) {
    kept.begin(image.view(), coarse, patches, 5.5 / 255);
    for (std::size_t i = 0; i < patches.size(); ++i) {
      EXPECT_EQ(kept.result(i) != nullptr, expected) << patches[i];
    }
    kept.keep(0, patches.size(), results.data());
    kept.end();
    brighten(image, {0, 0, kWidth, kHeight}, 2);
  }
}

// Not only the patch itself: its refinement sees six pixels more on each side.
TEST(KeptPatches, LookAsFarAsTheRefiner) {
  const ThreadCount two(2);
  const Geometry geometry(NetworkSettings(), kWidth, kHeight);
  std::vector<float> plane(geometry.coarse_width * geometry.coarse_height, 0.5f);
  CoarsePlanes coarse;
  for (const float*& each : coarse.plane) each = plane.data();
  constexpr int kRow = 50, kColumn = 80;
  const std::vector<std::int32_t> patches = {kRow * geometry.patch_columns() + kColumn};
  KeptPatches kept(network()->kernels(), geometry);
  const std::vector<RefinedPatch> results(1);
  const auto holds = [&](const Image& image) {
    kept.begin(image.view(), coarse, patches, 0.1);
    return kept.result(0) != nullptr;
  };
  holds(scene(200));
  kept.keep(0, 1, results.data());
  kept.end();
  for (const auto& [x, changes] : {std::pair(-7, false), {-6, true}, {9, true}, {10, false}}) {
    Image image = scene(200);
    brighten(image, {4 * kColumn + x, 4 * kRow + 9, 1, 1}, 40);
    EXPECT_EQ(holds(image), !changes) << x;
  }
  plane[kRow * geometry.coarse_width + kColumn] = 0.7f;
  EXPECT_FALSE(holds(scene(200))) << "the coarse maps changed";
}

TEST(KeptPatches, NothingIsKeptAcrossAnotherPlateSizeOrSetting) {
  const Image image = scene(200), plate = wall();
  Frames frames;
  frames.settings.refine_change = 1.0;
  frames.run(image, plate, 7);
  EXPECT_GT(frames.run(image, plate, 7).report.reused_share, 0);
  EXPECT_EQ(frames.run(image, plate, 8).report.reused_share, 0) << "another plate";
  EXPECT_EQ(frames.run(image, plate, 0).report.reused_share, 0) << "an unknown plate";
  EXPECT_EQ(frames.run(image, plate, 0).report.reused_share, 0) << "an unknown plate again";
  frames.run(image, plate, 8);
  EXPECT_GT(frames.run(image, plate, 8).report.reused_share, 0);
  frames.settings.refine_pixels /= 2;
  EXPECT_EQ(frames.run(image, plate, 8).report.reused_share, 0) << "another setting";
  frames.settings.refine_change.reset();
  frames.run(image, plate, 8);
  frames.settings.refine_change = 1.0;
  EXPECT_EQ(frames.run(image, plate, 8).report.reused_share, 0) << "off in between";
  frames.settings.backbone_scale = 0.5;
  EXPECT_EQ(frames.run(image, plate, 8).report.reused_share, 0) << "another size";
}

TEST(KeptPatches, FollowTheRegion) {
  const Image plate = wall();
  Frames frames;
  frames.settings.refine_change = 1.0;
  frames.settings.region_margin = 0.0;
  const PixelRegion first = frames.run(scene(100), plate).report.region;
  EXPECT_GT(frames.run(scene(100), plate).report.reused_share, 0);
  const Outputs moved = frames.run(scene(480), plate);
  EXPECT_FALSE(moved.report.region == first);
  EXPECT_EQ(moved.report.reused_share, 0) << "patches are numbered within the region";
}

TEST(KeptPatches, AnyNumberOfThreadsGivesTheSameBytes) {
  const Image plate = wall();
  Frames one(1), two(2);
  for (Frames* frames : {&one, &two}) frames->settings.refine_change = 0.03;
  for (int x : {200, 202, 202, 230}) {
    EXPECT_TRUE(one.run(scene(x), plate) == two.run(scene(x), plate)) << x;
  }
}

}  // namespace
}  // namespace matting::engine
