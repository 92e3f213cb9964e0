#include "plate/alpha_smoothing.hpp"

#include <gtest/gtest.h>

#include <opencv2/imgproc.hpp>
#include <stdexcept>

#include "plate/synthetic_clip.hpp"
#include "workflow/error.hpp"

namespace plate {
namespace {

const cv::Size kSize(64, 48);

workflow::Image grey(double level) {
  return image_from(cv::Mat(kSize, CV_8U, cv::Scalar(level)));
}

double level_of(const workflow::Image& image) {
  return cv::mean(pixels_of(image))[0];
}

TEST(AlphaSmoother, CalmsFlickerWhereThePictureStandsStill) {
  AlphaSmoother smoother(0.8);
  double least = 255, most = 0;
  for (int i = 0; i < 20; ++i) {
    workflow::Image alpha = grey(i % 2 == 0 ? 100 : 140);
    smoother.smooth(grey(90), alpha);
    if (i < 10) continue;
    least = std::min(least, level_of(alpha));
    most = std::max(most, level_of(alpha));
  }
  EXPECT_LT(most - least, 12);
  EXPECT_GT(least, 105);
  EXPECT_LT(most, 135);
}

TEST(AlphaSmoother, FollowsAtOnceWhereThePictureChanges) {
  AlphaSmoother smoother(0.9);
  workflow::Image alpha = grey(0);
  smoother.smooth(grey(50), alpha);
  alpha = grey(255);
  smoother.smooth(grey(120), alpha);
  EXPECT_NEAR(level_of(alpha), 255, 1);
}

TEST(AlphaSmoother, DoesNothingAtStrengthZero) {
  AlphaSmoother smoother(0);
  for (const double level : {10, 200, 30}) {
    workflow::Image alpha = grey(level);
    smoother.smooth(grey(90), alpha);
    EXPECT_EQ(level_of(alpha), level);
  }
}

TEST(AlphaSmoother, KeepsSixteenBit) {
  AlphaSmoother smoother(0.5);
  workflow::Image alpha = image_from(cv::Mat(kSize, CV_16U, cv::Scalar(20001)));
  smoother.smooth(grey(90), alpha);
  alpha = image_from(cv::Mat(kSize, CV_16U, cv::Scalar(20003)));
  smoother.smooth(grey(90), alpha);
  EXPECT_NEAR(level_of(alpha), 20002, 1);
}

TEST(AlphaSmoother, RefusesWhatCannotBe) {
  EXPECT_THROW(AlphaSmoother(1), std::invalid_argument);
  EXPECT_THROW(AlphaSmoother(-0.1), std::invalid_argument);
  AlphaSmoother smoother(0.5);
  workflow::Image alpha(8, 8, WF_FORMAT_GRAY8);
  EXPECT_THROW(smoother.smooth(grey(90), alpha), workflow::Error);
}

}  // namespace
}  // namespace plate
