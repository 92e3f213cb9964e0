// The seam between a job and its plate; what repairs do is tested in tests/plate.
#include "video_matting/plate_repair.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "plate/synthetic_clip.hpp"

namespace video_matting {
namespace {

using plate::SyntheticFrame;
using plate::SyntheticScene;
using Json = nlohmann::ordered_json;

const cv::Size kSize(160, 90);

class PlateRepairTest : public testing::Test {
 protected:
  Json show(PlateRepair& repair, const SyntheticFrame& frame, const workflow::Image& plate) {
    Json record = {{"frame", number_++}};
    used_ = repair.plate_for(frame.image, plate, record);
    alpha_ = workflow::Image(160, 90, WF_FORMAT_GRAY8);
    plate::pixels_of(frame.alpha).copyTo(plate::pixels_of(alpha_));
    repair.mend(frame.image, alpha_, record);
    return record["plate"];
  }

  SyntheticScene scene_{"portrait", kSize};
  workflow::Image used_, alpha_;
  int number_ = 0;
};

TEST_F(PlateRepairTest, WritesWhatItDidIntoLogAndSummary) {
  PlateRepair repair({});
  repair.begin_part();
  show(repair, scene_.frame({}, 0, 1), scene_.plate());
  const Json nudged = show(repair, scene_.frame({3, 1}, 0, 2), scene_.plate());
  EXPECT_NE(nudged["alignment"], "none");
  EXPECT_EQ(nudged["camera_moved"], true);
  const Json summary = repair.summary();
  EXPECT_EQ(summary["camera_moved_at"], Json({1}));
  EXPECT_NEAR(summary["largest_misalignment_px"].get<double>(), 3.16, 0.2);
  EXPECT_THAT(summary["repairs"][0].get<std::string>(), testing::HasSubstr("1 of 2 frames"));
  EXPECT_TRUE(repair.warnings().empty());
}

TEST_F(PlateRepairTest, BeginsEveryPartAnew) {
  PlateRepair whole({}), resumed({});
  whole.begin_part();
  for (unsigned i = 1; i < 4; ++i) show(whole, scene_.frame({3, 1}, 0, i), scene_.plate());
  whole.begin_part();
  resumed.begin_part();
  const SyntheticFrame next = scene_.frame({3, 1}, 0, 9);
  const Json a = show(whole, next, scene_.plate());
  const workflow::Image plate = used_;
  const Json b = show(resumed, next, scene_.plate());
  EXPECT_EQ(a, b);
  EXPECT_EQ(cv::norm(plate::pixels_of(plate), plate::pixels_of(used_), cv::NORM_INF), 0);
}

TEST_F(PlateRepairTest, TakesAPlateForEachFrame) {
  const SyntheticScene other("odd", kSize);
  PlateRepair repair({});
  repair.begin_part();
  EXPECT_EQ(show(repair, scene_.frame({}, 0, 1), scene_.plate())["plate_misfits"], false);
  EXPECT_EQ(show(repair, other.frame({}, 0, 2), other.plate())["plate_misfits"], false);
  EXPECT_EQ(show(repair, other.frame({}, 0, 3), scene_.plate())["plate_misfits"], true);
  EXPECT_FALSE(repair.warnings().empty());
}

TEST_F(PlateRepairTest, ChangesAlphaOnlyWhenItIsToSmooth) {
  PlateRepairSettings settings;
  EXPECT_FALSE(PlateRepair(settings).changes_alpha());
  settings.smoothing = 0.5;
  EXPECT_TRUE(PlateRepair(settings).changes_alpha());
  EXPECT_NE(PlateRepair(settings).description(), PlateRepair({}).description());
}

}  // namespace
}  // namespace video_matting
