// The sample pairs against the exact alpha of their renderer: the embedded model, end to end.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "engine/reference_cases.hpp"
#include "infer_background_matting/task.hpp"

namespace matting {
namespace {

struct Golden {
  const char* name;
  // Alpha's mean absolute difference from the truth, of 1. Limits are what the model of the day has
  // and a little more: a worse model or a broken pass fails, a better model lowers them.
  double largest_mad;
};

std::ostream& operator<<(std::ostream& stream, const Golden& golden) {
  return stream << golden.name;
}

double mean_difference(const Image& found, const Image& wanted) {
  double sum = 0;
  for (int y = 0; y < wanted.height(); ++y) {
    for (int x = 0; x < wanted.width(); ++x) {
      sum += std::abs(found.view().row(y)[x] - wanted.view().row(y)[x]);
    }
  }
  return sum / 255 / (static_cast<double>(wanted.width()) * wanted.height());
}

double largest(const Image& alpha) {
  std::uint8_t value = 0;
  for (int y = 0; y < alpha.height(); ++y) {
    const std::uint8_t* row = alpha.view().row(y);
    value = std::max(value, *std::max_element(row, row + alpha.width()));
  }
  return value / 255.0;
}

class SampleImage : public ::testing::TestWithParam<Golden> {};

TEST_P(SampleImage, AlphaIsNearTheTruthInEveryPrecision) {
  const std::string base = std::string(MATTING_SOURCE_DIR "/sample_image/") + GetParam().name;
  const Image image = read_picture(base + "_image.jpg", false);
  const Image plate = read_picture(base + "_plate.jpg", false);
  const Image truth = read_picture(base + "_alpha.png", true);
  for (const char* precision : {"fp32", "auto"}) {
    BackgroundMattingTask task;
    task.set_parameters({{"cuda", "cpu"}, {"precision", precision}});
    const MattingResult result = task.run({image.view(), plate.view(), {}, {}});
    EXPECT_LT(mean_difference(result.alpha, truth), GetParam().largest_mad) << precision;
  }
}

TEST_P(SampleImage, AlphaIsNothingWhereThePlateIsTheImage) {
  const Image plate = read_picture(
      std::string(MATTING_SOURCE_DIR "/sample_image/") + GetParam().name + "_plate.jpg", false);
  for (const char* side : {"auto", "fine"}) {
    BackgroundMattingTask task;
    task.set_parameters({{"cuda", "cpu"}, {"model_backbone_min_side", side}});
    const MattingResult result = task.run({plate.view(), plate.view(), {}, {}});
    EXPECT_LT(largest(result.alpha), 0.02) << side;
  }
}

INSTANTIATE_TEST_SUITE_P(Pairs, SampleImage,
                         ::testing::Values(Golden{"portrait", 0.0045},
                                           Golden{"light_clothes", 0.005}, Golden{"odd", 0.0055}),
                         [](const auto& pair) { return std::string(pair.param.name); });

}  // namespace
}  // namespace matting
