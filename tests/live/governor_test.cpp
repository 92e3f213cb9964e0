// The governor on a computer that is made of formulas: what a frame takes depends on the quality
// and on a load that the test changes. No clock runs.
#include "live/governor.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

namespace live {
namespace {

using ::testing::ElementsAre;
using ::testing::Lt;

const Quality kBest = {80000, 0.25};
const Quality kLeast = {5000, 0.125};
constexpr double kRate = 25;
constexpr double kBudget = 1 / kRate;

class GovernorTest : public ::testing::Test {
 protected:
  // Seconds of a frame where nothing else runs: pixels and scale cost about the same at best.
  static double cost(const Quality& quality) {
    return 0.004 + 0.010 * static_cast<double>(quality.refine_pixels) / 80000 +
           0.012 * std::pow(quality.scale / 0.25, 2);
  }

  // Frames come at the camera's rate, or later where the computer is behind.
  void run(double seconds, double load) {
    for (const double end = now_ + seconds; now_ < end; ++frames_) {
      const double hiccup = frames_ % 20 == 0 ? 5 : 1;  // some frame is always slow
      last_ = cost(governor_.quality()) * load * hiccup;
      now_ += std::max(kBudget, last_);
      const auto change = governor_.frame_done(now_, last_);
      if (change) changes_.push_back(*change);
    }
  }

  Governor governor_{{kRate, kBest, kLeast}};
  std::vector<Governor::Change> changes_;
  double now_ = 100;
  double last_ = 0;
  int frames_ = 1;
};

TEST(QualityLadder, LeavesAloneWhatTheTaskDoesNotGoBy) {
  EXPECT_THAT(quality_ladder(kBest, {5000, 0.2}, {false, true}),
              ElementsAre(kBest, Quality{80000, 0.2}));
  EXPECT_THAT(quality_ladder(kBest, kLeast, {false, false}), ElementsAre(kBest));
}

TEST(QualityUse, IsWhatTheTaskIsSetToAndWhatItsRunsTell) {
  const auto use = [](const char* type, const char* mode, const char* result) {
    const QualityUse set = quality_use({{"model_type", type}, {"model_refine_mode", mode}});
    const QualityUse after = quality_use_after(set, nlohmann::ordered_json::parse(result));
    return std::pair(after.refine_pixels, after.scale);
  };
  EXPECT_EQ(use("mattingrefine", "sampling", "{}"), std::pair(true, true));
  EXPECT_EQ(use("mattingrefine", "sampling", R"({"refiner_hands_on": false})"),
            std::pair(true, true));
  EXPECT_EQ(use("mattingrefine", "sampling", R"({"refiner_hands_on": true})"),
            std::pair(false, true));
  EXPECT_EQ(use("mattingrefine", "thresholding", "{}"), std::pair(false, true));
  EXPECT_EQ(use("mattingbase", "sampling", "{}"), std::pair(false, false));
}

TEST(QualityLadder, GivesUpPixelsFirstThenScale) {
  const auto ladder = quality_ladder({40000, 0.2}, {15000, 0.15});
  EXPECT_THAT(ladder, ElementsAre(Quality{40000, 0.2}, Quality{20000, 0.2}, Quality{15000, 0.2},
                                  Quality{15000, 0.16}, Quality{15000, 0.15}));
  EXPECT_THAT(quality_ladder(kBest, kBest), ElementsAre(kBest));
}

TEST_F(GovernorTest, LeavesAloneWhatIsFastEnough) {
  run(60, 1.2);
  EXPECT_TRUE(changes_.empty());
  EXPECT_EQ(governor_.quality(), kBest);
}

TEST_F(GovernorTest, OneSlowFrameNowAndThenChangesNothing) {
  run(60, 1);  // with a frame of five times the length each 20
  EXPECT_TRUE(changes_.empty());
}

TEST_F(GovernorTest, HoldsTheRateUnderLoad) {
  run(5, 2.2);
  EXPECT_LE(cost(governor_.quality()) * 2.2, kBudget);
  ASSERT_FALSE(changes_.empty());
  EXPECT_FALSE(changes_.front().better);
  EXPECT_GT(changes_.front().frame_seconds, kBudget);
  EXPECT_EQ(governor_.quality().scale, kBest.scale) << "fewer pixels were enough";
}

TEST_F(GovernorTest, GivesUpScaleWherePixelsAreNotEnough) {
  run(10, 3.2);
  EXPECT_EQ(governor_.quality().refine_pixels, kLeast.refine_pixels);
  EXPECT_THAT(governor_.quality().scale, Lt(kBest.scale));
  EXPECT_LE(cost(governor_.quality()) * 3.2, kBudget);
}

// As in the refine modes thresholding and full: what helps comes with the first change.
TEST_F(GovernorTest, GivesUpScaleAtOnceWherePixelsDoNotCount) {
  Governor governor({kRate, kBest, kLeast, {false, true}});
  std::vector<Quality> tried;
  for (double now = 0; now < 2; now += kBudget) {
    const double scale = governor.quality().scale / kBest.scale;
    if (const auto change = governor.frame_done(now, 1.4 * kBudget * scale * scale)) {
      tried.push_back(change->quality);
    }
  }
  EXPECT_THAT(tried, ElementsAre(Quality{kBest.refine_pixels, 0.2}));
}

TEST_F(GovernorTest, StaysAtTheLeastWhereNothingHelps) {
  run(60, 50);
  EXPECT_EQ(governor_.quality(), kLeast);
}

TEST_F(GovernorTest, IsQuickWhereFramesTakeSeconds) {
  for (int frame = 0; frame < 6; ++frame) {
    now_ += 4;
    governor_.frame_done(now_, 4);
  }
  EXPECT_EQ(governor_.quality(), kLeast);
}

TEST_F(GovernorTest, TakesTheQualityBackWhenThereIsTime) {
  run(10, 3.2);
  run(60, 1);
  EXPECT_EQ(governor_.quality(), kBest);
  EXPECT_TRUE(changes_.back().better);
}

TEST_F(GovernorTest, DoesNotSwingOnTheEdge) {
  // One rung is a little too slow, and the next so fast that climbing always looks possible.
  const Quality least = {20000, 0.25};
  Governor governor({kRate, {40000, 0.25}, least});
  int changes = 0;
  for (double now = 0; now < 600; now += kBudget) {
    const double seconds = governor.quality() == least ? 0.6 * kBudget : 1.05 * kBudget;
    if (governor.frame_done(now, seconds)) ++changes;
  }
  EXPECT_LE(changes, 40) << "in ten minutes";
  EXPECT_GE(changes, 5) << "it may try again";
}

}  // namespace
}  // namespace live
