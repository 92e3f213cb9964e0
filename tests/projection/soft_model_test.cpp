#include "projection/soft_model.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <random>
#include <vector>

namespace matting {
namespace {

using Colour = std::array<double, 3>;

// One pixel and what is known of it; its answer as the formulas say it, in double precision, with
// the covariances inverted under each alpha.
struct Plain {
  Colour image, plate, subject, plate_error;
  double network;
  double subject_spread[3][3], error_spread[3][3];

  static constexpr double kNoise = 0.008 * 0.008;

  Colour rest(double alpha) const {
    Colour rest;
    for (std::size_t c = 0; c < 3; ++c) {
      rest[c] = image[c] - alpha * subject[c] - (1 - alpha) * (plate[c] + plate_error[c]);
    }
    return rest;
  }

  // Of a pixel under that alpha; returns the determinant.
  double inverse(double alpha, double (&out)[3][3]) const {
    double m[3][3];
    const double a = alpha * alpha, b = (1 - alpha) * (1 - alpha);
    for (int i = 0; i < 3; ++i) {
      for (int j = 0; j < 3; ++j) {
        m[i][j] = a * subject_spread[i][j] + b * error_spread[i][j] + (i == j) * (a + b) * kNoise;
      }
    }
    const auto minor = [&m](int i, int j) {
      const int r = (i + 1) % 3, s = (i + 2) % 3, c = (j + 1) % 3, d = (j + 2) % 3;
      return m[r][c] * m[s][d] - m[r][d] * m[s][c];
    };
    const double determinant =
        m[0][0] * minor(0, 0) + m[0][1] * minor(0, 1) + m[0][2] * minor(0, 2);
    for (int i = 0; i < 3; ++i) {
      for (int j = 0; j < 3; ++j) out[j][i] = minor(i, j) / determinant;
    }
    return determinant;
  }

  double likelihood(double alpha) const {
    double precision[3][3];
    const double determinant = inverse(alpha, precision);
    const Colour x = rest(alpha);
    double square = std::pow((alpha - network) / 0.3, 2);
    for (std::size_t i = 0; i < 3; ++i) {
      for (std::size_t j = 0; j < 3; ++j) square += x[i] * precision[i][j] * x[j];
    }
    const double often = alpha == 0 ? 4 : alpha == 1 ? 11 : 1;
    return often * std::exp(-0.5 * square) / std::sqrt(determinant);
  }

  // Standard deviation of what alpha can be.
  double deviation() const {
    double sum = 0, mean = 0, square = 0;
    for (int step = 0; step <= kSoftSteps; ++step) {
      const double alpha = step / double{kSoftSteps}, weight = likelihood(alpha);
      sum += weight;
      mean += weight * alpha;
      square += weight * alpha * alpha;
    }
    return std::sqrt(std::max(0.0, square / sum - mean * mean / (sum * sum)));
  }

  double median() const {
    double weights[kSoftSteps + 1], sum = 0, below = 0;
    for (int step = 0; step <= kSoftSteps; ++step) {
      sum += weights[step] = likelihood(step / double{kSoftSteps});
    }
    int step = 0;
    while (below + weights[step] < sum / 2) below += weights[step++];
    const double position = step - 0.5 + (sum / 2 - below) / weights[step];
    return std::clamp(position / kSoftSteps, 0.0, 1.0);
  }

  // mean + covariance of subject and pixel * precision of the pixel * what is not explained.
  Colour foreground(double alpha) const {
    double precision[3][3];
    inverse(alpha, precision);
    const Colour x = rest(alpha);
    Colour result = subject;
    for (std::size_t i = 0; i < 3; ++i) {
      for (std::size_t j = 0; j < 3; ++j) {
        const double spread = subject_spread[i][j] + (i == j) * kNoise;
        for (std::size_t k = 0; k < 3; ++k) result[i] += alpha * spread * precision[j][k] * x[k];
      }
      result[i] = std::clamp(result[i], 0.0, 1.0);
    }
    return result;
  }
};

constexpr int kPixels = 77;  // more than are estimated together, and no whole vectors

class SoftModelTest : public ::testing::Test {
 protected:
  SoftModelTest() : planes_(19, std::vector<float>(kPixels + kSoftMargin, 0.5f)) {
    // A subject whose light varies along grey; a plate that is off by its light, a little.
    draw_spread(0.03f, subject_spread_);
    draw_spread(0.0015f, error_spread_);
    for (auto& plane : planes_) {
      for (float& value : plane) value = uniform_(random_);
    }
    for (int i = 0; i < kPixels; ++i) {
      const float alpha = std::clamp(1.6f * uniform_(random_) - 0.3f, 0.0f, 1.0f);
      planes_[16][at(i)] = 1;
      planes_[15][at(i)] = std::clamp(alpha + 0.3f * normal_(random_), 0.0f, 1.0f);
      for (std::size_t c = 0; c < 3; ++c) {
        planes_[9 + c][at(i)] = 0.03f * normal_(random_);
        planes_[c][at(i)] =
            std::clamp(alpha * planes_[6 + c][at(i)] +
                           (1 - alpha) * (planes_[3 + c][at(i)] + planes_[9 + c][at(i)]) +
                           0.02f * normal_(random_),
                       0.0f, 1.0f);
      }
    }
  }

  static std::size_t at(int pixel) { return static_cast<std::size_t>(pixel); }

  void draw_spread(float size, Spread& out) {
    const float grey = size, other = size / 20;
    const float values[6] = {
        grey + other,    grey * 0.9f, grey * 0.8f, grey + other, grey * 0.9f + other / 2,
        grey + 2 * other};
    std::copy_n(values, 6, out);
  }

  RgbRow colour(std::size_t first) {
    return {planes_[first].data(), planes_[first + 1].data(), planes_[first + 2].data()};
  }
  SoftPixels pixels() {
    return {colour(0), colour(3), colour(6), colour(9), planes_[16].data(), planes_[15].data()};
  }
  float* alpha() { return planes_[17].data(); }
  float* certainty() { return planes_[18].data(); }
  void estimate(const SoftModel& model, int count = kPixels) {
    model.estimate_alpha(pixels(), count, alpha(), certainty());
    model.estimate_foreground(pixels(), count, alpha(), colour(12));
  }

  Plain plain(int pixel) const {
    Plain p;
    for (std::size_t c = 0; c < 3; ++c) {
      p.image[c] = planes_[c][at(pixel)];
      p.plate[c] = planes_[3 + c][at(pixel)];
      p.subject[c] = planes_[6 + c][at(pixel)];
      p.plate_error[c] = planes_[9 + c][at(pixel)];
    }
    p.network = planes_[15][at(pixel)];
    for (int i = 0, s = 0; i < 3; ++i) {
      for (int j = i; j < 3; ++j, ++s) {
        p.subject_spread[i][j] = p.subject_spread[j][i] = subject_spread_[s];
        p.error_spread[i][j] = p.error_spread[j][i] = error_spread_[s];
      }
    }
    return p;
  }

  std::mt19937 random_{7};
  std::uniform_real_distribution<float> uniform_{0, 1};
  std::normal_distribution<float> normal_;
  Spread subject_spread_, error_spread_;
  std::vector<std::vector<float>> planes_;
};

TEST_F(SoftModelTest, FollowTheFormulas) {
  std::vector<Plain> truth;
  for (int i = 0; i < kPixels; ++i) truth.push_back(plain(i));
  estimate(SoftModel(subject_spread_, error_spread_));
  int between = 0;
  for (int i = 0; i < kPixels; ++i) {
    const double alpha = truth[at(i)].median();
    between += alpha > 0.05 && alpha < 0.95;
    ASSERT_NEAR(planes_[17][at(i)], alpha, 2e-3) << i;
    const double deviation = std::max<double>(kLeastDeviation, truth[at(i)].deviation());
    ASSERT_NEAR(planes_[18][at(i)], kLeastDeviation / deviation, 2e-3) << i;
    const Colour front = truth[at(i)].foreground(planes_[17][at(i)]);
    for (std::size_t c = 0; c < 3; ++c) ASSERT_NEAR(planes_[12 + c][at(i)], front[c], 2e-3) << i;
  }
  EXPECT_GT(between, kPixels / 4) << "pixels that say little";
}

TEST_F(SoftModelTest, GiveTheSameBytesAtEveryLevel) {
  const SoftModel model(subject_spread_, error_spread_);
  const auto given = planes_;
  const auto at_level = [&](engine::Isa isa) {
    planes_ = given;
    const SoftKernels& kernels = soft_kernels_for(isa);
    kernels.estimate_alpha(model.terms(), pixels(), kPixels, alpha(), certainty());
    kernels.estimate_foreground(model.terms(), pixels(), kPixels, alpha(), colour(12));
    return planes_;
  };
  const auto lowest = at_level(engine::Isa::kSse41);
  EXPECT_NE(lowest, given);
  for (const engine::Isa isa : {engine::Isa::kAvx2, engine::Isa::kAvx512}) {
    if (isa > engine::process_isa()) continue;
    EXPECT_EQ(at_level(isa), lowest) << engine::isa_name(isa);
  }
}

TEST_F(SoftModelTest, ChangeNothingOutOfReach) {
  std::fill(planes_[16].begin(), planes_[16].end(), 0.0f);
  const auto before = planes_;
  estimate(SoftModel(subject_spread_, error_spread_));
  for (std::size_t plane = 12; plane < 15; ++plane) EXPECT_EQ(planes_[plane], before[plane]);
  for (int i = 0; i < kPixels; ++i) EXPECT_EQ(planes_[17][at(i)], before[15][at(i)]) << i;
}

TEST_F(SoftModelTest, WriteNothingBehindTheLast) {
  const auto before = planes_;
  estimate(SoftModel(subject_spread_, error_spread_), kPixels - 10);
  for (std::size_t plane = 12; plane < planes_.size(); ++plane) {
    for (int i = kPixels - 10; i < kPixels; ++i) {
      ASSERT_EQ(planes_[plane][at(i)], before[plane][at(i)]) << plane << ' ' << i;
    }
  }
}

TEST_F(SoftModelTest, TakeAlikeColoursAsTheNetworkSays) {
  for (std::size_t c = 0; c < 3; ++c) {
    for (std::size_t first : {0u, 3u, 6u}) planes_[first + c].assign(planes_[0].size(), 0.5f);
    planes_[9 + c].assign(planes_[0].size(), 0);
  }
  planes_[15].assign(planes_[0].size(), 0.5f);
  planes_[15][0] = 0;
  planes_[15][1] = 1;
  estimate(SoftModel(error_spread_, error_spread_));
  // Two equal distributions mix to a narrower one, which makes a value between a little likelier.
  EXPECT_LT(planes_[17][0], 0.15f);
  EXPECT_GT(planes_[17][1], 0.95f);
}

}  // namespace
}  // namespace matting
