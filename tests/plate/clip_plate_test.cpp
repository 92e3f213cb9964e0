#include "plate/clip_plate.hpp"

#include <gtest/gtest.h>

#include <opencv2/imgproc.hpp>

#include "plate/synthetic_clip.hpp"
#include "workflow/error.hpp"

namespace plate {
namespace {

const cv::Size kSize(320, 180);

// The person walks through the room; the camera shakes a little.
class Walk {
 public:
  explicit Walk(int frames) : covered_(cv::Mat::zeros(kSize, CV_32F)) {
    cv::RNG random(2);
    for (int i = 0; i < frames; ++i) {
      const Disturbance shake{random.uniform(-0.6, 0.6), random.uniform(-0.6, 0.6)};
      const double place = -150 + 300.0 * i / (frames - 1);
      const SyntheticFrame frame = scene_.frame(shake, place, static_cast<unsigned>(i + 1));
      plate_.add(frame.image);
      cv::Mat alpha;
      pixels_of(frame.alpha).convertTo(alpha, CV_32F, 1.0 / 255);
      covered_ += alpha / frames;
      if (i == frames / 2) truth_ = frame.true_plate;
    }
  }

  const ClipPlate& plate() const { return plate_; }
  const cv::Mat& covered() const { return covered_; }  // share of the time, 0..1
  const cv::Mat& truth() const { return truth_; }

 private:
  SyntheticScene scene_{"portrait", kSize};
  ClipPlate plate_;
  cv::Mat covered_, truth_;
};

cv::Mat distance(const ClipPlateResult& result, const cv::Mat& truth) {
  cv::Mat difference, grey;
  cv::absdiff(pixels_of(result.plate), truth, difference);
  cv::cvtColor(difference, grey, cv::COLOR_BGR2GRAY);
  return grey;
}

TEST(ClipPlate, FindsTheRoomBehindAPersonWhoWalks) {
  const Walk walk(25);
  const ClipPlateResult result = walk.plate().finish();
  const cv::Mat error = distance(result, walk.truth());
  const cv::Mat sure = pixels_of(result.unsure) == 0;
  EXPECT_LT(cv::mean(error, sure)[0], 1.5);
  EXPECT_LT(result.unsure_share, 0.25);
  // Seen nearly always: surely known.
  const cv::Mat seen = walk.covered() < 0.3;
  EXPECT_LT(cv::mean(pixels_of(result.unsure), seen)[0] / 255, 0.02);
}

// Of what is wrong by more than noise, nearly all is marked.
TEST(ClipPlate, MarksWhatItCannotKnow) {
  const SyntheticScene scene("portrait", kSize);
  ClipPlate plate;
  for (unsigned i = 0; i < 24; ++i) {
    // Half of the time here, half of the time there: where both overlap nobody can know.
    plate.add(scene.frame({}, i < 12 ? -40 : 40, i + 1).image);
  }
  const ClipPlateResult result = plate.finish();
  const cv::Mat wrong = distance(result, pixels_of(scene.plate())) > 20;
  const cv::Mat marked = pixels_of(result.unsure) > 0;
  cv::Mat always_covered;
  cv::bitwise_and(pixels_of(scene.frame({}, -40).alpha) > 250,
                  pixels_of(scene.frame({}, 40).alpha) > 250, always_covered);
  const double wrong_and_movable = cv::countNonZero(wrong & ~always_covered);
  EXPECT_GT(cv::countNonZero(wrong & ~always_covered & marked), 0.85 * wrong_and_movable);
  EXPECT_GT(result.unsure_share, 0.05);
  EXPECT_LT(result.unsure_share, 0.7);
}

TEST(ClipPlate, AveragesABurstOfPlates) {
  const SyntheticScene scene("odd", kSize);
  ClipPlate plate;
  const auto noisy = [&](unsigned seed) {
    cv::Mat noise(kSize, CV_16SC3), sum;
    cv::RNG(seed).fill(noise, cv::RNG::NORMAL, 0, 3);
    cv::add(pixels_of(scene.plate()), noise, sum, cv::noArray(), CV_8U);
    return sum;
  };
  for (unsigned i = 1; i <= 8; ++i) plate.add(image_from(noisy(i)));
  const ClipPlateResult result = plate.finish();
  const double one = cv::norm(noisy(1), pixels_of(scene.plate()), cv::NORM_L1);
  const double all = cv::norm(pixels_of(result.plate), pixels_of(scene.plate()), cv::NORM_L1);
  EXPECT_LT(all, 0.5 * one);
  EXPECT_LT(result.unsure_share, 0.01);
}

TEST(ClipPlate, HoldsBoundedMemoryOverAnyLength) {
  const std::size_t frame_bytes = 2 * 64 * 3 * 32;
  ClipPlate plate(8 * frame_bytes);
  const workflow::Image frame(64, 32, WF_FORMAT_BGR8);
  for (int i = 0; i < 1000; ++i) plate.add(frame);
  const ClipPlateResult result = plate.finish();
  EXPECT_LE(result.frames_used, 8u);
  EXPECT_GE(result.frames_used, 4u);
}

TEST(ClipPlate, KeepsSixteenBitAndGrey) {
  for (const wf_format format : {WF_FORMAT_BGR16, WF_FORMAT_GRAY8, WF_FORMAT_GRAY16}) {
    ClipPlate plate;
    for (int i = 0; i < 3; ++i) {
      workflow::Image frame(40, 30, format);
      pixels_of(frame) = cv::Scalar::all(workflow::channel_bytes(format) == 2 ? 30000 : 77);
      plate.add(frame);
    }
    const ClipPlateResult result = plate.finish();
    EXPECT_EQ(result.plate.format(), format);
    EXPECT_EQ(cv::norm(pixels_of(result.plate), pixels_of(result.plate), cv::NORM_L1), 0);
    EXPECT_NEAR(cv::mean(pixels_of(result.plate))[0],
                workflow::channel_bytes(format) == 2 ? 30000 : 77, 1e-9);
  }
}

TEST(ClipPlate, RefusesNothingAndAnotherSize) {
  ClipPlate plate;
  EXPECT_THROW(plate.finish(), workflow::Error);
  plate.add(workflow::Image(32, 32, WF_FORMAT_BGR8));
  EXPECT_THROW(plate.add(workflow::Image(32, 31, WF_FORMAT_BGR8)), workflow::Error);
  EXPECT_THROW(plate.add(workflow::Image(32, 32, WF_FORMAT_RGB8)), workflow::Error);
}

}  // namespace
}  // namespace plate
