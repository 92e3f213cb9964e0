#include "plate/plate_keeper.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <opencv2/imgproc.hpp>

#include "plate/synthetic_clip.hpp"
#include "workflow/error.hpp"

namespace plate {
namespace {

const cv::Size kSize(320, 180);

// Feeds frames with their true alpha.
class Clip {
 public:
  explicit Clip(PlateKeeper& keeper) : keeper_(keeper) {}

  workflow::Image show(const SyntheticFrame& frame) {
    const workflow::Image plate = keeper_.plate_for(frame.image, report);
    keeper_.learn(frame.image, frame.alpha, keeper_.moment());
    return plate;
  }

  PlateReport report;

 private:
  PlateKeeper& keeper_;
};

double distance_on(const cv::Mat& mask, const workflow::Image& plate, const cv::Mat& truth) {
  cv::Mat difference;
  cv::absdiff(pixels_of(plate), truth, difference);
  const cv::Scalar mean = cv::mean(difference, mask);
  return (mean[0] + mean[1] + mean[2]) / 3;
}

TEST(PlateKeeper, KeepsPixelsAndGenerationWhileNothingHappens) {
  const SyntheticScene scene("portrait", kSize);
  PlateKeeper keeper(scene.plate());
  Clip clip(keeper);
  const workflow::Image first = clip.show(scene.frame({}, 0, 1));
  EXPECT_NE(first.view().generation, 0u);
  for (unsigned i = 2; i < 10; ++i) {
    const workflow::Image plate = clip.show(scene.frame({}, 3.0 * i, i));
    EXPECT_EQ(plate.view().generation, first.view().generation);
    EXPECT_FALSE(clip.report.estimated) << "at frame " << i;
    EXPECT_FALSE(clip.report.camera_moved);
  }
  EXPECT_THAT(repairs(clip.report), testing::IsEmpty());
  EXPECT_FALSE(clip.report.is_repaired());
  EXPECT_THAT(faults(clip.report), testing::IsEmpty());
  EXPECT_EQ(cv::norm(pixels_of(first), pixels_of(scene.plate()), cv::NORM_INF), 0);
}

TEST(PlateKeeper, FollowsANudgeInTheMiddleOfTheClip) {
  const SyntheticScene scene("portrait", kSize);
  PlateKeeper keeper(scene.plate());
  Clip clip(keeper);
  for (unsigned i = 1; i < 4; ++i) clip.show(scene.frame({}, 0, i));
  const SyntheticFrame nudged = scene.frame({2, 1}, 0, 4);
  const workflow::Image plate = clip.show(nudged);
  EXPECT_TRUE(clip.report.estimated);
  EXPECT_TRUE(clip.report.camera_moved);
  EXPECT_FALSE(clip.report.scene_cut);
  EXPECT_NE(clip.report.alignment, "none");
  EXPECT_NEAR(clip.report.misalignment_px, 2.24, 0.15);
  EXPECT_GT(clip.report.alignment_confidence, 0.5);
  EXPECT_LT(clip.report.misfit, 0.5 * clip.report.misfit_before);
  EXPECT_LT(distance_on(pixels_of(nudged.alpha) == 0, plate, nudged.true_plate), 2);

  const workflow::Image next = clip.show(scene.frame({2, 1}, 1, 5));
  EXPECT_FALSE(clip.report.camera_moved);
  EXPECT_EQ(clip.report.alignment == "none", false);
  clip.show(scene.frame({}, 0, 6));
  EXPECT_EQ(clip.report.misalignment_px < 0.2, true) << "back again: " << to_json(clip.report);
}

TEST(PlateKeeper, FollowsExposureAndWhiteBalance) {
  const SyntheticScene scene("portrait", kSize);
  PlateKeeper keeper(scene.plate());
  Clip clip(keeper);
  clip.show(scene.frame({}, 0, 1));
  const SyntheticFrame darker = scene.frame({0, 0, 0, 1, -0.5, 0.06}, 0, 2);
  const workflow::Image plate = clip.show(darker);
  EXPECT_NEAR(clip.report.exposure_stops, -0.5, 0.05);
  EXPECT_FALSE(clip.report.scene_cut);
  EXPECT_EQ(clip.report.alignment, "none");
  EXPECT_THAT(repairs(clip.report), testing::ElementsAre(testing::HasSubstr("stops")));
  EXPECT_TRUE(clip.report.is_repaired());
  EXPECT_LT(distance_on(pixels_of(darker.alpha) == 0, plate, darker.true_plate), 2);
}

TEST(PlateKeeper, DoesOnlyWhatItIsAskedTo) {
  const SyntheticScene scene("portrait", kSize);
  PlateKeeper keeper(scene.plate(), {false, false, false});
  PlateReport report;
  const workflow::Image plate = keeper.plate_for(scene.frame({2, 1, 0, 1, 0.5}).image, report);
  EXPECT_EQ(cv::norm(pixels_of(plate), pixels_of(scene.plate()), cv::NORM_INF), 0);
  EXPECT_EQ(report.alignment, "none");
  EXPECT_EQ(report.gain[1], 1);
  EXPECT_GT(report.misfit, 0.02);
}

TEST(PlateKeeper, FillsWhatThePlateDoesNotShowFromTheFrame) {
  const SyntheticScene scene("portrait", kSize);
  PlateKeeper keeper(scene.plate());
  Clip clip(keeper);
  const Disturbance moved{14, 0};
  const SyntheticFrame frame = scene.frame(moved, 0, 1);
  clip.show(frame);
  EXPECT_NEAR(clip.report.unshown_share, 14.0 / kSize.width, 0.01);
  const workflow::Image filled = clip.show(scene.frame(moved, 0, 2));
  EXPECT_LT(clip.report.unshown_share, 0.005);
  cv::Mat strip = cv::Mat::zeros(kSize, CV_8U);
  strip.colRange(0, 12) = 255;
  EXPECT_LT(distance_on(strip & (pixels_of(frame.alpha) == 0), filled, frame.true_plate), 3);
}

TEST(PlateKeeper, LearnsFromAFrameThatLiesBackWhatStillFits) {
  const SyntheticScene scene("portrait", kSize), other("odd", {160, 90});
  PlateKeeper keeper(scene.plate());
  PlateReport report;
  const auto unshown_at = [&](const SyntheticFrame& frame) {
    keeper.plate_for(frame.image, report);
    return report.unshown_share * kSize.width;
  };
  const SyntheticFrame first = scene.frame({14, 0}, 0, 1);
  EXPECT_NEAR(unshown_at(first), 14, 3);
  const PlateKeeper::Moment then = keeper.moment();
  EXPECT_NEAR(unshown_at(scene.frame({14, 0}, 0, 2)), 14, 3);
  EXPECT_NEAR(unshown_at(scene.frame({24, 0}, 0, 3)), 24, 3) << "the plate is laid anew";
  keeper.learn(first.image, first.alpha, then);
  EXPECT_NEAR(unshown_at(scene.frame({24, 0}, 0, 4)), 24, 3) << "these pixels lie elsewhere now";

  const SyntheticFrame later = scene.frame({24, 0}, 0, 5);
  unshown_at(later);
  const PlateKeeper::Moment now = keeper.moment();
  unshown_at(scene.frame({24, 0}, 0, 6));
  keeper.learn(later.image, later.alpha, now);
  EXPECT_LT(unshown_at(scene.frame({24, 0}, 0, 7)), 3);
  keeper.plate_for(other.frame({}).image, report);
  keeper.learn(later.image, later.alpha, now);  // of another scene, and of another size
}

TEST(PlateKeeper, SaysThatThePlateIsOfAnotherScene) {
  const SyntheticScene scene("portrait", kSize), other("odd", kSize);
  PlateKeeper keeper(other.plate());
  Clip clip(keeper);
  for (unsigned i = 1; i < 4; ++i) clip.show(scene.frame({}, 0, i));
  EXPECT_TRUE(clip.report.misfits());
  EXPECT_THAT(faults(clip.report), testing::Contains(testing::HasSubstr("does not fit")));
}

TEST(PlateKeeper, SaysThatThePlateWasResized) {
  const SyntheticScene scene("portrait", kSize), smaller("portrait", kSize / 2);
  PlateKeeper keeper(smaller.plate());
  Clip clip(keeper);
  clip.show(scene.frame({}, 0, 1));
  const std::string size = std::to_string(kSize.width / 2) + "x" + std::to_string(kSize.height / 2);
  EXPECT_THAT(faults(clip.report), testing::Contains(testing::HasSubstr("resized from " + size)));
  EXPECT_THAT(to_json(clip.report), testing::HasSubstr("\"resized_from\":\"" + size + "\""));
  keeper.change_plate(scene.plate());
  clip.show(scene.frame({}, 0, 2));
  EXPECT_FALSE(clip.report.is_resized());
}

TEST(PlateKeeper, NoticesACutAndTheWayBack) {
  const SyntheticScene scene("portrait", kSize), other("odd", kSize);
  PlateKeeper keeper(scene.plate());
  Clip clip(keeper);
  clip.show(scene.frame({}, 0, 1));
  clip.show(other.frame({}, 0, 2));
  EXPECT_TRUE(clip.report.scene_cut);
  clip.show(scene.frame({}, 0, 3));
  EXPECT_TRUE(clip.report.scene_cut);
  EXPECT_FALSE(clip.report.misfits());
  EXPECT_LT(clip.report.misfit, 0.01);
}

// The plate was taken while the person was still in the room, further to the right.
TEST(PlateKeeper, SeesASubjectInThePlate) {
  const SyntheticScene scene("portrait", kSize);
  const SyntheticFrame with_subject = scene.frame({}, 110, 7);
  PlateKeeper keeper(with_subject.image);
  PlateReport report;
  keeper.plate_for(scene.frame({}, -60, 1).image, report);
  EXPECT_TRUE(report.subject_in_plate()) << to_json(report);
  EXPECT_THAT(faults(report), testing::Contains(testing::HasSubstr("show a subject")));

  PlateKeeper clean(scene.plate());
  clean.plate_for(scene.frame({}, -60, 1).image, report);
  EXPECT_FALSE(report.subject_in_plate()) << to_json(report);
}

// One side of the room gets slowly brighter, by 8 levels of 255.
TEST(PlateKeeper, FollowsALightThatDriftsInOnePlace) {
  const SyntheticScene scene("portrait", kSize);
  const auto shown = [&](unsigned i) {
    SyntheticFrame frame = scene.frame({}, 0, i);
    cv::Mat pixels = pixels_of(frame.image).clone(), truth = frame.true_plate;
    for (int x = 0; x < kSize.width; ++x) {
      const double more = std::min(1.0, i / 30.0) * 8.0 * x / kSize.width;
      pixels.col(x) += cv::Scalar::all(more);
      truth.col(x) += cv::Scalar::all(more);
    }
    frame.image = image_from(pixels);
    return frame;
  };
  const auto error_with = [&](bool drift) {
    PlateKeeper keeper(scene.plate(), {true, true, drift});
    Clip clip(keeper);
    workflow::Image plate;
    SyntheticFrame last;
    for (unsigned i = 1; i < 90; ++i) {
      last = shown(i);
      plate = clip.show(last);
    }
    return distance_on(pixels_of(last.alpha) == 0, plate, last.true_plate);
  };
  EXPECT_LT(error_with(true), 0.6 * error_with(false));
}

TEST(PlateKeeper, WritesItsReportAsJson) {
  PlateReport report;
  report.alignment = "affine";
  report.misalignment_px = 1.25;
  report.gain = {1, 1.5, 2};
  const auto json = nlohmann::json::parse(to_json(report));
  EXPECT_EQ(json["alignment"], "affine");
  EXPECT_EQ(json["misalignment_px"], 1.25);
  EXPECT_EQ(json["gain"][1], 1.5);
  EXPECT_EQ(json["camera_moved"], false);
}

TEST(PlateKeeper, TakesAPlateOfAnotherFormatAndSize) {
  const SyntheticScene scene("portrait", kSize);
  cv::Mat wide;
  cv::resize(pixels_of(scene.plate()), wide, {640, 360}, 0, 0, cv::INTER_CUBIC);
  cv::cvtColor(wide, wide, cv::COLOR_BGR2BGRA);
  wide.convertTo(wide, CV_16U, 257);
  PlateKeeper keeper(image_from(wide));
  PlateReport report;
  const workflow::Image plate = keeper.plate_for(scene.frame({}).image, report);
  EXPECT_EQ(plate.format(), static_cast<wf_format>(WF_FORMAT_BGR8));
  EXPECT_EQ(plate.width(), 320u);
  EXPECT_LT(report.misfit, 0.02);
}

TEST(PlateKeeper, RefusesWhatCannotBe) {
  const SyntheticScene scene("portrait", kSize);
  EXPECT_THROW(PlateKeeper(workflow::Image()), workflow::Error);
  EXPECT_THROW(PlateKeeper(scene.plate(), workflow::Image(8, 8, WF_FORMAT_GRAY8), {}),
               workflow::Error);
  PlateKeeper keeper(scene.plate());
  PlateReport report;
  EXPECT_THROW(keeper.plate_for(workflow::Image(), report), workflow::Error);
  const SyntheticFrame frame = scene.frame({});
  keeper.plate_for(frame.image, report);
  EXPECT_THROW(keeper.learn(frame.image, workflow::Image(8, 8, WF_FORMAT_GRAY8), keeper.moment()),
               workflow::Error);
}

}  // namespace
}  // namespace plate
