#include "plate/repair.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <opencv2/imgproc.hpp>

#include "plate/synthetic_clip.hpp"
#include "plate/working_picture.hpp"

namespace plate {
namespace {

const cv::Size kSize(480, 270);

struct Case {
  const char* name;
  const char* sample;
  Disturbance disturbance;
};

class FindRepair : public testing::TestWithParam<Case> {
 protected:
  static Repair repair_of(const SyntheticScene& scene, const SyntheticFrame& frame) {
    const cv::Size size = scene.size();
    return find_repair(working_picture(pixels_of(scene.plate()), size),
                       working_picture(pixels_of(frame.image), size), {}, {}, {}, Search::kFull);
  }
};

// Root mean square over the picture, in pixels, after what is asked for at most 2 pixels, 1 degree,
// 1 % (about 3 pixels in the corners).
TEST_P(FindRepair, LaysThePlateOnTheFrameToAFifthOfAPixel) {
  const SyntheticScene scene(GetParam().sample, kSize);
  const Disturbance& disturbance = GetParam().disturbance;
  const Repair repair = repair_of(scene, scene.frame(disturbance));
  const cv::Matx33d left = scene.plate_to_frame(disturbance) * repair.alignment.frame_to_plate;
  EXPECT_LT(mean_displacement(left, kSize), 0.2);
  EXPECT_LE(repair.after, repair.before);
}

// Half a level in the middle of the range.
TEST_P(FindRepair, FindsTheLight) {
  const SyntheticScene scene(GetParam().sample, kSize);
  const Disturbance& disturbance = GetParam().disturbance;
  const Repair repair = repair_of(scene, scene.frame(disturbance));
  EXPECT_NEAR(repair.colours.exposure_stops(), disturbance.stops, 0.03);
  const auto at_middle = [&](int c) {
    return repair.colours.gain[c] * 0.5 + repair.colours.bias[c] + 0.055;
  };
  const double ratio = std::pow(at_middle(2) / at_middle(0), 2.4);
  EXPECT_NEAR(ratio, std::pow(1 + disturbance.warmer, 2), 0.02);
}

INSTANTIATE_TEST_SUITE_P(
    Disturbances, FindRepair,
    testing::Values(
        Case{"Nudge", "portrait", {2, 1}}, Case{"Turn", "portrait", {0, 0, 1}},
        Case{"Zoom", "portrait", {0, 0, 0, 1.01}},
        Case{"ExposureUp", "portrait", {0, 0, 0, 1, 0.5}},
        Case{"ExposureDown", "portrait", {0, 0, 0, 1, -1}},
        Case{"WhiteBalance", "portrait", {0, 0, 0, 1, 0, 0.1}},
        Case{"Everything", "portrait", {3, -2, 1, 1.01, -0.4, 0.05}},
        Case{"NudgeBeforeAWhiteWall", "light_clothes", {2, 1}},
        Case{"TurnBeforeAWhiteWall", "light_clothes", {0, 0, 1}},
        Case{"EverythingBeforeAWhiteWall", "light_clothes", {3, -2, 1, 1.01, -0.4, 0.05}},
        Case{"NudgeBeforeBricks", "odd", {2, 1}},
        Case{"FarMoveBeforeBricks", "odd", {20, -9, 3, 1.03}}),
    [](const auto& test) { return std::string(test.param.name); });

// The person drawn again at both sides: half of the picture is subject.
TEST(Repair, HoldsWithHalfOfThePictureCovered) {
  const SyntheticScene scene("portrait", kSize);
  const Disturbance disturbance{2, 1, 0.5, 1, 0.3};
  cv::Mat frame = pixels_of(scene.frame(disturbance).image).clone();
  const cv::Rect covered(0, 0, kSize.width / 4, kSize.height);
  cv::Mat other;  // with texture of its own, which moves otherwise
  cv::flip(pixels_of(scene.frame({}).image)(cv::Rect(180, 0, 120, 270)), other, 0);
  other.copyTo(frame(covered));
  const Repair repair = find_repair(working_picture(pixels_of(scene.plate()), kSize),
                                    working_picture(frame, kSize), {}, {}, {}, Search::kFull);
  const cv::Matx33d left = scene.plate_to_frame(disturbance) * repair.alignment.frame_to_plate;
  EXPECT_LT(mean_displacement(left, kSize), 0.2);
  EXPECT_NEAR(repair.colours.exposure_stops(), 0.3, 0.05);
}

// A smooth wall with one soft stain, and noise.
TEST(Repair, FindsAShiftInALowTextureRoom) {
  cv::Mat wall(kSize, CV_32FC3);
  for (int y = 0; y < kSize.height; ++y) {
    for (int x = 0; x < kSize.width; ++x) {
      const double light = 0.6 + 0.15 * std::sin(x / 150.0) * std::cos(y / 110.0) +
                           0.05 * std::exp(-(std::pow(x - 120, 2) + std::pow(y - 90, 2)) / 300);
      wall.at<cv::Vec3f>(y, x) = cv::Vec3f::all(static_cast<float>(light));
    }
  }
  cv::Mat moved_wall, noise(kSize, CV_32FC3);
  cv::warpAffine(wall, moved_wall, cv::Matx23d(1, 0, 2, 0, 1, -1), kSize, cv::INTER_CUBIC,
                 cv::BORDER_REPLICATE);
  cv::RNG(3).fill(noise, cv::RNG::NORMAL, 0, 1.0 / 255);
  const Repair repair = find_repair(wall, moved_wall + noise, {}, {}, {}, Search::kFull);
  const cv::Matx33d left =
      cv::Matx33d(1, 0, 2, 0, 1, -1, 0, 0, 1) * repair.alignment.frame_to_plate;
  EXPECT_LT(mean_displacement(left, kSize), 1.0);
}

TEST(Repair, LeavesAPlateThatFitsAlone) {
  for (const char* sample : {"portrait", "light_clothes", "odd"}) {
    const SyntheticScene scene(sample, kSize);
    const Repair repair = find_repair(working_picture(pixels_of(scene.plate()), kSize),
                                      working_picture(pixels_of(scene.frame({}).image), kSize), {},
                                      {}, {}, Search::kFull);
    EXPECT_EQ(repair.alignment.kind, AlignmentKind::kNone) << sample;
    EXPECT_TRUE(repair.colours.is_identity()) << sample;
    EXPECT_EQ(repair.before, repair.after) << sample;
  }
}

TEST(Repair, LeavesLightAloneThatAModelBears) {
  const SyntheticScene scene("portrait", kSize);
  const cv::Mat plate = working_picture(pixels_of(scene.plate()), kSize);
  RepairChoice choice;
  choice.least_colour_change = 0.08;
  const auto repair_of = [&](double stops) {
    const SyntheticFrame frame = scene.frame({2, 1, 0, 1, stops});
    return find_repair(plate, working_picture(pixels_of(frame.image), kSize), {}, choice, {},
                       Search::kFull);
  };
  const Repair little = repair_of(0.1), much = repair_of(0.7);
  EXPECT_TRUE(little.colours.is_identity());
  EXPECT_FALSE(much.colours.is_identity());
  for (const Repair& repair : {little, much}) {  // the camera is found in either light
    EXPECT_NEAR(repair.alignment.displacement, std::hypot(2, 1), 0.2);
    EXPECT_LT(repair.after, repair.before);
  }
}

TEST(Repair, GivesTheSameResultAgain) {
  const SyntheticScene scene("odd", kSize);
  const cv::Mat plate = working_picture(pixels_of(scene.plate()), kSize);
  const cv::Mat frame =
      working_picture(pixels_of(scene.frame({20, -9, 3, 1.03, 0.4}).image), kSize);
  const Repair a = find_repair(plate, frame, {}, {}, {}, Search::kFull);
  const Repair b = find_repair(plate, frame, {}, {}, {}, Search::kFull);
  EXPECT_EQ(a.alignment.frame_to_plate, b.alignment.frame_to_plate);
  EXPECT_EQ(a.colours.gain, b.colours.gain);
}

}  // namespace
}  // namespace plate
