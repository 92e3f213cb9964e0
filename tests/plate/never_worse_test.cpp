// Whatever is given as a plate: no exception, and nothing that fits less well than what was given.
#include <gtest/gtest.h>

#include <opencv2/imgproc.hpp>
#include <vector>

#include "plate/misfit.hpp"
#include "plate/plate_keeper.hpp"
#include "plate/synthetic_clip.hpp"
#include "plate/working_picture.hpp"

namespace plate {
namespace {

cv::Mat noise(cv::Size size, unsigned seed, int coarse) {
  cv::Mat small(size.height / coarse + 1, size.width / coarse + 1, CV_8UC3), result;
  cv::RNG(seed).fill(small, cv::RNG::UNIFORM, 0, 256);
  cv::resize(small, result, size, 0, 0, cv::INTER_CUBIC);
  return result;
}

cv::Mat flat(cv::Size size, int level) {
  return {size, CV_8UC3, cv::Scalar::all(level)};
}

struct Pair {
  std::string name;
  cv::Mat plate, frame;
};

std::vector<Pair> pairs(cv::Size size) {
  const cv::Mat portrait = pixels_of(SyntheticScene("portrait", size).frame({}).image);
  const cv::Mat odd = pixels_of(SyntheticScene("odd", size).plate()).clone();
  return {{"unrelated pictures", odd, portrait},
          {"the other way round", portrait, odd},
          {"two kinds of noise", noise(size, 1, 1), noise(size, 2, 1)},
          {"coarse noise", noise(size, 1, 9), noise(size, 2, 9)},
          {"noise on flat", flat(size, 128), noise(size, 4, 3)},
          {"flat on noise", noise(size, 4, 3), flat(size, 128)},
          {"black and white", flat(size, 0), flat(size, 255)},
          {"two greys", flat(size, 100), flat(size, 110)},
          {"equal", odd, odd}};
}

cv::Mat as(const cv::Mat& picture, int channels, int depth) {
  cv::Mat result = picture;
  if (channels == 1) cv::cvtColor(picture, result, cv::COLOR_BGR2GRAY);
  if (channels == 4) cv::cvtColor(picture, result, cv::COLOR_BGR2BGRA);
  if (depth == CV_16U) result.convertTo(result, CV_16U, 257);
  return result;
}

void expect_never_worse(const Pair& pair, int channels, int depth) {
  const cv::Mat plate = as(pair.plate, channels, depth), frame = as(pair.frame, channels, depth);
  PlateKeeper keeper(image_from(plate));
  PlateReport report;
  const workflow::Image used = keeper.plate_for(image_from(frame), report);
  const std::string what = pair.name + ", " + std::to_string(channels) + " channels of depth " +
                           std::to_string(depth) + ", " + std::to_string(frame.cols) + " wide, " +
                           report.alignment;
  const cv::Size size = working_size(frame.size(), 640);
  const cv::Mat small = working_picture(frame, size);
  const Comparison found = compare(difference(small, working_picture(plate, size)),
                                   difference(small, working_picture(pixels_of(used), size)), {});
  // A thousandth: the pixels were rounded, and the border beyond the plate is made up.
  EXPECT_LE(found.after, found.before + 0.001) << what;
  EXPECT_GE(report.misfit, 0) << what;
  EXPECT_EQ(used.width(), static_cast<std::uint32_t>(frame.cols)) << what;
}

TEST(NeverWorse, OnAnyPairOfPictures) {
  for (const Pair& pair : pairs({240, 135})) expect_never_worse(pair, 3, CV_8U);
}

TEST(NeverWorse, OnTinyPictures) {
  for (const cv::Size size : {cv::Size(16, 16), cv::Size(17, 64), cv::Size(64, 16)}) {
    for (const Pair& pair : pairs(size)) expect_never_worse(pair, 3, CV_8U);
  }
}

TEST(NeverWorse, OnGreyWideAndFourChannelPictures) {
  for (const Pair& pair : pairs({120, 68})) {
    expect_never_worse(pair, 1, CV_8U);
    expect_never_worse(pair, 1, CV_16U);
    expect_never_worse(pair, 3, CV_16U);
    expect_never_worse(pair, 4, CV_8U);
  }
}

// The truth is known here: the plate that the camera would see, away from the subject.
TEST(NeverWorse, AgainstTheTruePlateUnderRandomDisturbances) {
  const SyntheticScene scene("light_clothes", {320, 180});
  cv::RNG random(11);
  for (int i = 0; i < 12; ++i) {
    const Disturbance disturbance{random.uniform(-3.0, 3.0), random.uniform(-3.0, 3.0),
                                  random.uniform(-1.0, 1.0), random.uniform(0.99, 1.01),
                                  random.uniform(-0.7, 0.3), random.uniform(-0.1, 0.1)};
    const SyntheticFrame frame = scene.frame(disturbance);
    PlateKeeper keeper(scene.plate());
    PlateReport report;
    const workflow::Image used = keeper.plate_for(frame.image, report);
    const cv::Mat background = pixels_of(frame.alpha) == 0;
    const auto error = [&](const workflow::Image& plate) {
      cv::Mat distance;
      cv::absdiff(pixels_of(plate), frame.true_plate, distance);
      const cv::Scalar mean = cv::mean(distance, background);
      return (mean[0] + mean[1] + mean[2]) / 3;
    };
    EXPECT_LT(error(used), 0.5 * error(scene.plate()) + 1) << to_json(report);
  }
}

}  // namespace
}  // namespace plate
