#include "plate/clipped.hpp"

#include <gtest/gtest.h>

#include "plate/frame_format.hpp"
#include "plate/plate_keeper.hpp"

namespace plate {
namespace {

const cv::Size kSize(2, 1);

ColourMatch darker() {
  ColourMatch match;
  match.gain = {0.8, 0.8, 0.8};
  return match;
}

cv::Mat pixels(const cv::Vec3b& first, const cv::Vec3b& second) {
  return (cv::Mat_<cv::Vec3b>(1, 2) << first, second);
}

// White of the plate becomes 204.
class LiftClipped : public testing::Test {
 protected:
  static cv::Vec3b lifted(const cv::Vec3b& plate, const cv::Vec3b& frame) {
    const cv::Mat given = pixels(plate, {10, 20, 30});
    cv::Mat result = matched(given, darker()).clone();
    const cv::Vec3b other = result.at<cv::Vec3b>(1);
    lift_clipped(pixels(frame, {200, 200, 200}), find_clipped(given, darker()), result);
    EXPECT_EQ(result.at<cv::Vec3b>(1), other) << "what is not clipped stays";
    return result.at<cv::Vec3b>(0);
  }
};

TEST_F(LiftClipped, WhiteBecomesWhatTheFrameShows) {
  EXPECT_EQ(lifted({255, 254, 253}, {255, 230, 206}), cv::Vec3b(255, 230, 206));
}

TEST_F(LiftClipped, DarkerThanThePlateCanBeIsNoPlate) {
  EXPECT_EQ(lifted({255, 255, 255}, {255, 230, 180}), cv::Vec3b(204, 204, 204));
}

TEST_F(LiftClipped, ChannelsThatAreNotClippedHaveToAgree) {
  EXPECT_EQ(lifted({255, 255, 200}, {240, 240, 163}), cv::Vec3b(240, 240, 160));
  EXPECT_EQ(lifted({255, 255, 200}, {240, 240, 190}), cv::Vec3b(204, 204, 160));
}

TEST_F(LiftClipped, AllDepths) {
  for (const auto& [type, white] : {std::pair{CV_8UC3, 255.0}, std::pair{CV_16UC3, 65535.0},
                                    std::pair{CV_32FC3, 1.0}, std::pair{CV_8UC1, 255.0}}) {
    const cv::Mat given(kSize, type, cv::Scalar::all(white));
    const cv::Mat frame(kSize, type, cv::Scalar::all(0.9 * white));
    cv::Mat plate = matched(given, darker()).clone();
    lift_clipped(frame, find_clipped(given, darker()), plate);
    EXPECT_EQ(cv::norm(plate, frame, cv::NORM_INF), 0) << type;
  }
}

TEST(FindClipped, NothingWhereWhiteStaysWhite) {
  const cv::Mat white(kSize, CV_8UC3, cv::Scalar::all(255));
  EXPECT_TRUE(find_clipped(white, ColourMatch()).empty());
  ColourMatch brighter;
  brighter.gain = {1.2, 1.2, 1.2};
  EXPECT_TRUE(find_clipped(white, brighter).empty());
  EXPECT_TRUE(find_clipped(cv::Mat(kSize, CV_8UC3, cv::Scalar::all(240)), darker()).empty());
}

// A plate that was exposed for longer: its brightest quarter is white.
TEST(PlateKeeper, LiftsWhatWasTooBrightForThePlate) {
  cv::Mat frame(180, 320, CV_8UC3);
  for (int y = 0; y < frame.rows; ++y) {
    for (int x = 0; x < frame.cols; ++x) {
      const auto value = static_cast<unsigned char>(20 + 230 * x / 320 + (x * 7 + y * 13) % 5);
      frame.at<cv::Vec3b>(y, x) = cv::Vec3b(value, value, value);
    }
  }
  cv::Mat plate;
  frame.convertTo(plate, -1, 1.25);
  PlateKeeper keeper(image_of(plate, WF_FORMAT_RGB8));
  const workflow::Image shown = image_of(frame, WF_FORMAT_RGB8);
  PlateReport report;
  for (int i = 0; i < 3; ++i) {
    const workflow::Image used = keeper.plate_for(shown, report);
    const cv::Mat pixels = in_frame_format(used, WF_FORMAT_RGB8, frame.size());
    EXPECT_LE(cv::norm(pixels, frame, cv::NORM_INF), 3) << "at frame " << i;
    EXPECT_LT(report.misfit, 0.01);
    keeper.learn(shown, image_of(cv::Mat::zeros(frame.size(), CV_8U), WF_FORMAT_GRAY8),
                 keeper.moment());
  }
  EXPECT_NEAR(report.gain[1], 0.8, 0.01);
}

}  // namespace
}  // namespace plate
