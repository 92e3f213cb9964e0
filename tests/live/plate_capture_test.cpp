// Plates out of frames that the test makes, at times that it says.
#include "live/plate_capture.hpp"

#include <gmock/gmock.h>

#include <random>

#include "error_of.hpp"

namespace live {
namespace {

using ::testing::HasSubstr;
using workflow::Image;

constexpr std::uint32_t kWidth = 320, kHeight = 180;
constexpr double kFrame = 1 / 30.0;  // seconds

class PlateCaptureTest : public ::testing::Test {
 protected:
  // A wall with noise, brighter by light; with a hand 24 pixels wide at hand_x, if that is not -1.
  Image frame(int hand_x = -1, int light = 0) {
    Image image(kWidth, kHeight, WF_FORMAT_RGB8);
    std::normal_distribution<double> noise(0, 4);
    for (std::uint32_t y = 0; y < kHeight; ++y) {
      for (std::uint32_t x = 0; x < 3 * kWidth; ++x) {
        const int column = static_cast<int>(x / 3);
        const bool hand = hand_x >= 0 && column >= hand_x && column < hand_x + 24 && y > 90;
        image.row(y)[x] =
            static_cast<std::uint8_t>((hand ? 190 : wall(x)) + light + noise(random_));
      }
    }
    return image;
  }
  static int wall(std::uint32_t x) { return 80 + static_cast<int>(x % 50); }

  // Feeds frames of make(i) until there is an outcome.
  template <typename Make>
  PlateOutcome run(const Make& make) {
    capture_.start(now_);
    for (int i = 0; i < 1000; ++i, now_ += kFrame) {
      if (const auto outcome = capture_.add(make(i), now_)) return *outcome;
    }
    ADD_FAILURE() << "no outcome";
    return {};
  }

  std::mt19937 random_{7};
  PlateCapture capture_{{3, 1, 15}};
  double now_ = 50;
};

TEST_F(PlateCaptureTest, IsTheMeanOfManyFrames) {
  const PlateOutcome outcome = run([this](int) { return frame(); });
  ASSERT_EQ(outcome.refusal, "");
  EXPECT_GE(outcome.frames, 30) << "a second of them";
  EXPECT_NE(outcome.plate.view().generation, 0u);
  double squares = 0;
  for (std::uint32_t x = 0; x < 3 * kWidth; ++x) {
    const double off = outcome.plate.row(kHeight / 2)[x] - wall(x);
    squares += off * off;
  }
  EXPECT_LT(std::sqrt(squares / (3 * kWidth)), 1.0) << "noise of 4 went down";
}

TEST_F(PlateCaptureTest, WaitsForTheCountdown) {
  EXPECT_FALSE(capture_.running());
  capture_.start(10);
  EXPECT_EQ(capture_.seconds_left(11), 2);
  EXPECT_FALSE(capture_.add(frame(100), 11).has_value());
  EXPECT_FALSE(capture_.add(frame(200), 12.9).has_value()) << "people may move until then";
  EXPECT_EQ(capture_.seconds_left(13.5), 0);
  capture_.start(14);
  EXPECT_EQ(capture_.seconds_left(14), 3) << "begun anew";
}

TEST_F(PlateCaptureTest, IsRefusedWhenSomebodyMoves) {
  const PlateOutcome outcome = run([this](int i) { return frame(100 + i); });
  EXPECT_TRUE(outcome.plate.empty());
  EXPECT_THAT(outcome.refusal, HasSubstr("something moved"));
  EXPECT_FALSE(capture_.running());
  EXPECT_EQ(run([this](int) { return frame(); }).refusal, "") << "and can be tried again";
}

TEST_F(PlateCaptureTest, IsRefusedWhenTheLightChanges) {
  const PlateOutcome outcome = run([this](int i) { return frame(-1, i < 100 ? 0 : 20); });
  EXPECT_THAT(outcome.refusal, HasSubstr("the light"));
}

TEST_F(PlateCaptureTest, WantsEightBits) {
  capture_.start(0);
  const Image deep(kWidth, kHeight, WF_FORMAT_RGB16);
  EXPECT_THAT(error_of([&] { capture_.add(deep, 9); }).what(), HasSubstr("8-bit"));
}

}  // namespace
}  // namespace live
