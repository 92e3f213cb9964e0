#include "evaluate/scores.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "synthetic_matte.hpp"

namespace matting {
namespace {

Plane plane_of(int width, int height, const std::vector<float>& values) {
  Plane plane(width, height);
  plane.values = values;
  return plane;
}

// Numbers printed by reference_values.py.
TEST(ScoreMatte, AgreesWithTheReference) {
  const SyntheticMatte matte;
  const MatteScores scores = score_matte(matte.predicted, matte.truth);
  EXPECT_NEAR(scores.mad, 31.410207312091508, 1e-4);
  EXPECT_NEAR(scores.mse, 6.012779039311804, 1e-4);
  EXPECT_NEAR(scores.sad, 0.19298431372549021, 1e-6);
  EXPECT_NEAR(scores.gradient, 0.24026807969010044, 1e-6);
  EXPECT_NEAR(scores.connectivity, 0.05818235294117648, 1e-6);
  EXPECT_NEAR(foreground_mse(matte.colour, matte.true_colour, matte.truth), 59.89843064380907,
              1e-4);
}

TEST(ScoreMatte, IsZeroForTheTruthItself) {
  const SyntheticMatte matte;
  const MatteScores scores = score_matte(matte.truth, matte.truth);
  EXPECT_EQ(scores.mad, 0);
  EXPECT_EQ(scores.gradient, 0);
  EXPECT_EQ(scores.connectivity, 0);
}

// 2x2, one pixel off by a half: mean 1/8 and 1/16, sum 1/2.
TEST(ScoreMatte, MeansAndSumsByHand) {
  const MatteScores scores =
      score_matte(plane_of(2, 2, {0.5f, 0, 1, 1}), plane_of(2, 2, {0, 0, 1, 1}));
  EXPECT_DOUBLE_EQ(scores.mad, 125);
  EXPECT_DOUBLE_EQ(scores.mse, 62.5);
  EXPECT_DOUBLE_EQ(scores.sad, 0.5e-3);
}

TEST(ScoreMatte, ClampsThePrediction) {
  const MatteScores scores = score_matte(plane_of(2, 1, {-3, 7}), plane_of(2, 1, {0, 1}));
  EXPECT_EQ(scores.mad, 0);
}

TEST(ScoreMatte, RefusesAnotherSize) {
  EXPECT_THROW(score_matte(Plane(2, 2), Plane(2, 3)), std::invalid_argument);
  EXPECT_THROW(score_matte(Plane(2, 2, 3), Plane(2, 2, 3)), std::invalid_argument);
  EXPECT_THROW(score_matte(Plane(), Plane()), std::invalid_argument);
}

// A flat picture has no gradient. A ramp of slope s has, inside, the magnitude s * (sum of the
// filter's response to x), the same everywhere; the filter has unit energy.
TEST(GradientError, OfARampByHand) {
  Plane ramp(41, 21), flat(41, 21);
  for (int y = 0; y < 21; ++y) {
    for (int x = 0; x < 41; ++x) ramp.at(x, y) = 0.01f * static_cast<float>(x);
  }
  double response = 0, energy = 0, smooth_sum = 0, smooth_energy = 0;
  for (int i = -4; i <= 4; ++i) {
    const double gauss = std::exp(-i * i / (2 * 1.4 * 1.4));
    response += i * i * gauss;
    energy += i * i * gauss * gauss;
    smooth_sum += gauss;
    smooth_energy += gauss * gauss;
  }
  const double slope = 0.01 * response * smooth_sum / std::sqrt(energy * smooth_energy);
  const double sum = gradient_error(ramp, flat);
  EXPECT_LT(sum, 41 * 21 * slope * slope);
  EXPECT_GT(sum, 33 * 21 * slope * slope);
}

// One row: the truth is whole; the prediction has a gap, so that its right part is not connected to
// the larger left part above 0. There l = 0 and the prediction is 1 away from it, as is the truth:
// no error. In the gap the truth is 1 away and the prediction not at all: an error of 1.
TEST(ConnectivityError, OfAGapByHand) {
  const Plane truth = plane_of(6, 1, {1, 1, 1, 1, 1, 1});
  const Plane predicted = plane_of(6, 1, {1, 1, 1, 0, 1, 1});
  EXPECT_NEAR(connectivity_error(predicted, truth), 1, 1e-9);
}

// A difference of 0.1 stays below the tolerated 0.15; one of 0.5 does not.
TEST(ConnectivityError, ToleratesSmallDifferences) {
  const Plane truth = plane_of(2, 1, {1, 1});
  EXPECT_NEAR(connectivity_error(plane_of(2, 1, {1, 0.9f}), truth), 0, 1e-9);
  EXPECT_NEAR(connectivity_error(plane_of(2, 1, {1, 0.5f}), truth), 0.5, 1e-6);
}

TEST(ConnectivityError, JoinsOverSidesOnly) {
  const Plane diagonal = plane_of(2, 2, {1, 0, 0, 1});
  const Plane full = plane_of(2, 2, {1, 1, 1, 1});
  // Both halves of the diagonal are in no common region; the two empty pixels count 1 each.
  EXPECT_NEAR(connectivity_error(diagonal, full), 2, 1e-9);
}

TEST(ForegroundMse, LooksOnlyWhereThereIsSubject) {
  Plane found(2, 1, 3), wanted(2, 1, 3), alpha(2, 1);
  found.at(0, 0, 1) = 0.3f;
  found.at(1, 0, 2) = 1;
  EXPECT_EQ(foreground_mse(found, wanted, alpha), 0);
  alpha.at(0, 0) = 0.1f;
  EXPECT_NEAR(foreground_mse(found, wanted, alpha), 1e3 * 0.09 / 3, 1e-4);
  EXPECT_THROW(foreground_mse(found, wanted, Plane(3, 1)), std::invalid_argument);
}

}  // namespace
}  // namespace matting
