#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "projection/soft_kernels.hpp"

namespace matting {
namespace {

constexpr int kPixels = 77;  // more than are smoothed together, and no whole vectors
constexpr int kWidth = kPixels + 1 + kSmoothMargin;

class SoftSmoothingTest : public ::testing::Test {
 protected:
  SoftSmoothingTest() : values_(15 * kWidth), out_(kPixels + 10, -1.0f) {
    std::mt19937 random(3);
    std::uniform_real_distribution<float> uniform(0, 1);
    for (float& value : values_) value = uniform(random);
    // Colours that differ by no more than a few times what looks alike.
    for (int row = 0; row < 3; ++row) {
      for (int c = 0; c < 3; ++c) {
        for (int i = -1; i < kWidth - 1; ++i) at(row, c, i) = 0.4f + 0.1f * at(row, c, i);
      }
    }
  }

  // Planes: red, green, blue, alpha, certainty.
  float& at(int row, int plane, int i) {
    return values_[static_cast<std::size_t>((5 * row + plane) * kWidth + 1 + i)];
  }
  SoftRows rows() {
    SoftRows rows;
    for (int row = 0; row < 3; ++row) {
      rows.image[row] = {&at(row, 0, 0), &at(row, 1, 0), &at(row, 2, 0)};
      rows.alpha[row] = &at(row, 3, 0);
      rows.certainty[row] = &at(row, 4, 0);
    }
    return rows;
  }

  // As the formula says it, in double precision.
  double wanted(int i) {
    double sum = 0, weights = 0;
    for (int row = 0; row < 3; ++row) {
      for (int to = -1; to <= 1; ++to) {
        double off = 0;
        for (int c = 0; c < 3; ++c) off += std::pow(at(1, c, i) - at(row, c, i + to), 2);
        const double distance = (row - 1) * (row - 1) + to * to;
        const double weight = std::pow(at(row, 4, i + to), 2) *
                              std::exp(-off / (0.05 * 0.05) - distance / (2 * 2.0 * 2.0));
        sum += weight * at(row, 3, i + to);
        weights += weight;
      }
    }
    return sum / weights;
  }
  const std::vector<float>& smooth(engine::Isa isa = engine::process_isa()) {
    soft_kernels_for(isa).smooth(rows(), kPixels, out_.data());
    return out_;
  }

  std::vector<float> values_, out_;
};

TEST_F(SoftSmoothingTest, FollowsTheFormula) {
  smooth();
  for (int i = 0; i < kPixels; ++i) {
    ASSERT_NEAR(out_[static_cast<std::size_t>(i)], wanted(i), 1e-3) << i;
  }
}

TEST_F(SoftSmoothingTest, GivesTheSameBytesAtEveryLevel) {
  const auto lowest = smooth(engine::Isa::kSse41);
  for (const engine::Isa isa : {engine::Isa::kAvx2, engine::Isa::kAvx512}) {
    if (isa > engine::process_isa()) continue;
    EXPECT_EQ(smooth(isa), lowest) << engine::isa_name(isa);
  }
}

TEST_F(SoftSmoothingTest, WritesNothingBehindTheLast) {
  smooth();
  for (std::size_t i = kPixels; i < out_.size(); ++i) EXPECT_EQ(out_[i], -1) << i;
}

// Above the first row, say, and left of the first column.
TEST_F(SoftSmoothingTest, TakesNothingFromWhatIsNoPixel) {
  for (int i = -1; i < kWidth - 1; ++i) {
    at(0, 3, i) = 1e6f;
    at(0, 4, i) = 0;
  }
  at(1, 3, -1) = at(2, 3, -1) = 1e6f;
  at(1, 4, -1) = at(2, 4, -1) = 0;
  smooth();
  for (int i = 0; i < kPixels; ++i) EXPECT_LE(out_[static_cast<std::size_t>(i)], 1) << i;
}

TEST_F(SoftSmoothingTest, KeepsToPixelsOfTheSameColour) {
  for (int row = 0; row < 3; ++row) {
    for (int i = -1; i < kWidth - 1; ++i) {
      for (int c = 0; c < 3; ++c) at(row, c, i) = i < 40 ? 0.2f : 0.8f;
      at(row, 3, i) = i < 40 ? 0.0f : 1.0f;
    }
  }
  smooth();
  EXPECT_NEAR(out_[39], 0, 1e-6);
  EXPECT_NEAR(out_[40], 1, 1e-6);
}

}  // namespace
}  // namespace matting
