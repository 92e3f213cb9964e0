#include "projection/joint_axes.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

namespace matting {
namespace {

const Spread kRound = {1, 0, 0, 1, 0, 1};
const Spread kLong = {0.04f, 0.038f, 0.036f, 0.05f, 0.041f, 0.045f};  // grey light and dark
const Spread kSmall = {0.0002f, 0.0001f, 0, 0.0003f, -0.0001f, 0.0004f};
const Spread kFlat = {0.01f, 0, 0, 1e-4f, 0, 1e-4f};

// Covariance of channels i and j that the axes give a spread of those variances.
float channel_spread(const JointAxes& axes, int i, int j, const float (&variance)[3]) {
  float sum = 0;
  for (int k = 0; k < 3; ++k) sum += axes.from_axes[i][k] * variance[k] * axes.from_axes[j][k];
  return sum;
}

class Joint : public ::testing::TestWithParam<std::pair<const float*, const float*>> {
 protected:
  Joint() {
    std::copy_n(GetParam().first, 6, first_);
    std::copy_n(GetParam().second, 6, second_);
    axes_ = joint_axes(first_, second_);
  }

  Spread first_, second_;
  JointAxes axes_;
};

TEST_P(Joint, GiveBackBothSpreads) {
  for (int i = 0, s = 0; i < 3; ++i) {
    for (int j = i; j < 3; ++j, ++s) {
      EXPECT_NEAR(channel_spread(axes_, i, j, axes_.variance), first_[s], 1e-5f * first_[0]) << s;
      EXPECT_NEAR(channel_spread(axes_, i, j, {1, 1, 1}), second_[s], 1e-5f * second_[0]) << s;
    }
  }
}

TEST_P(Joint, ComeAndGo) {
  for (int i = 0; i < 3; ++i) {
    for (int j = 0; j < 3; ++j) {
      float sum = 0;
      for (int k = 0; k < 3; ++k) sum += axes_.from_axes[i][k] * axes_.to_axes[k][j];
      EXPECT_NEAR(sum, i == j ? 1 : 0, 1e-4) << i << ' ' << j;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Axes, Joint,
                         ::testing::Values(std::pair(kRound, kRound), std::pair(kLong, kRound),
                                           std::pair(kRound, kLong), std::pair(kLong, kSmall),
                                           std::pair(kSmall, kLong), std::pair(kFlat, kSmall)));

}  // namespace
}  // namespace matting
