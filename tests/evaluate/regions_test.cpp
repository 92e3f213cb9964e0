#include "evaluate/regions.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "damaged_bytes.hpp"

namespace matting {
namespace {

using ::testing::HasSubstr;

// Left half background, right half body, in units twice as large as the picture.
const char* const kHalves = R"({"units": [40, 20],
  "background": [[[0, 0], [18, 0], [18, 19], [0, 19]]],
  "body": [[[20, 0], [39, 0], [39, 19], [20, 19]]]})";

Plane halves() {
  Plane alpha(20, 10);
  for (int y = 0; y < 10; ++y) {
    for (int x = 10; x < 20; ++x) alpha.at(x, y) = 1;
  }
  return alpha;
}

const RegionCheck& check_named(const std::vector<RegionCheck>& checks, const std::string& name) {
  for (const RegionCheck& check : checks) {
    if (check.name == name) return check;
  }
  throw std::out_of_range(name);
}

TEST(CheckRegions, HoldForAGoodMatte) {
  const auto checks = check_regions(halves(), kHalves);
  EXPECT_EQ(checks.size(), 4u);
  for (const RegionCheck& check : checks) EXPECT_TRUE(check.holds()) << check.name;
}

TEST(CheckRegions, FindAHoleAndALeak) {
  Plane alpha = halves();
  for (int y = 0; y < 10; ++y) alpha.at(15, y) = 0;
  alpha.at(3, 3) = 1;
  const auto checks = check_regions(alpha, kHalves);
  EXPECT_DOUBLE_EQ(check_named(checks, "body_mean").value, 0.9);
  EXPECT_FALSE(check_named(checks, "body_mean").holds());
  EXPECT_FALSE(check_named(checks, "body_p1").holds());
  EXPECT_DOUBLE_EQ(check_named(checks, "background_mean").value, 0.01);
  EXPECT_TRUE(check_named(checks, "background_mean").holds());
}

TEST(CheckRegions, LookAtShadowsWhereMarked) {
  std::string regions = kHalves;
  regions.insert(1, R"("background_shadow": [[[0, 0], [6, 0], [6, 6], [0, 6]]], )");
  Plane alpha = halves();
  for (int y = 0; y < 4; ++y) alpha.at(0, y) = 1;
  EXPECT_FALSE(check_named(check_regions(alpha, regions), "shadow_mean").holds());
}

TEST(CheckRegions, FillATriangleWithItsOutline) {
  const std::string regions = R"({"units": [10, 10], "body": [[[0, 0], [4, 0], [0, 4]]],
                                  "background": [[[9, 9]]]})";
  Plane alpha(10, 10);
  for (int y = 0; y <= 4; ++y) {
    for (int x = 0; x + y <= 4; ++x) alpha.at(x, y) = 1;
  }
  for (const RegionCheck& check : check_regions(alpha, regions)) EXPECT_TRUE(check.holds());
}

TEST(CheckRegions, NameWhatIsWrong) {
  EXPECT_THROW(check_regions(halves(), "{"), std::invalid_argument);
  EXPECT_THROW(check_regions(halves(), R"({"units": [1, 1]})"), std::invalid_argument);
  EXPECT_THROW(check_regions(halves(), R"({"units": [1, 1], "background": [], "body": []})"),
               std::invalid_argument);
}

TEST(Percentile, IsLinearBetweenNeighbours) {
  EXPECT_DOUBLE_EQ(percentile({3, 1, 2}, 0.5), 2);
  EXPECT_DOUBLE_EQ(percentile({0, 1}, 0.25), 0.25);
  EXPECT_DOUBLE_EQ(percentile({7}, 0.99), 7);
}

TEST(CheckRegions, DamagedRegionsAreReadOrRefused) {
  int refused = 0;
  for_damaged(kHalves, 2000, [&](const std::string& text) {
    try {
      check_regions(halves(), text);
    } catch (const std::invalid_argument&) {
      ++refused;
    }
  });
  EXPECT_GT(refused, 1000);
  EXPECT_LT(refused, 2000);
}

TEST(CheckRegions, PointsFarOutsideAreNamed) {
  for (const char* far : {"[1e300, 0]", "[0, -50]", "[100, 0]"}) {
    std::string text = kHalves;
    text.replace(text.find("[0, 0]"), 6, far);
    try {
      check_regions(halves(), text);
      FAIL() << far;
    } catch (const std::invalid_argument& error) {
      EXPECT_THAT(error.what(), HasSubstr("far outside of the picture"));
    }
  }
}

}  // namespace
}  // namespace matting
