#include "projection/plate_comparison.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "image/frame.hpp"

namespace matting {
namespace {

constexpr int kSide = 8;

class PlateComparisonTest : public ::testing::Test {
 protected:
  // A value of 0..1 for each pixel and channel.
  template <class Value>
  static void paint(Image& picture, const Value& value) {
    for (int y = 0; y < kSide; ++y) {
      auto* row = reinterpret_cast<std::uint16_t*>(picture.mutable_view().row(y));
      for (int x = 0; x < kSide; ++x) {
        for (int c = 0; c < 3; ++c) {
          row[3 * x + c] = static_cast<std::uint16_t>(std::lround(65535 * value(x, y, c)));
        }
      }
    }
  }
  PlateComparison compare() const {
    Frame frame;
    frame.image = image_.view();
    frame.plate = plate_.view();
    PlateComparison comparison;
    comparison.read(frame);
    return comparison;
  }

  Image image_{kSide, kSide, PixelFormat::kRgb16}, plate_{kSide, kSide, PixelFormat::kRgb16};
};

TEST_F(PlateComparisonTest, ShadowHasOnlyThePlatesOwn) {
  const auto wall = [](int x, int y, int c) { return 0.2 + 0.05 * ((x + 2 * y + c) % 7); };
  paint(plate_, wall);
  paint(image_, [&](int x, int y, int c) { return 0.4 * wall(x, y, c); });
  EXPECT_NEAR(compare().detail(1), 0, 1e-3);
  EXPECT_NEAR(compare().tint(), 0, 1e-3);
}

// Each pixel differs from both of its neighbours by 0.2, in three channels; 1.5e-3 says nothing.
TEST_F(PlateComparisonTest, ClothHasItsOwn) {
  paint(plate_, [](int, int, int) { return 0.5; });
  paint(image_, [](int x, int y, int) { return (x + y) % 2 == 0 ? 0.4 : 0.6; });
  EXPECT_NEAR(compare().detail(1), 3 * 0.4 * 0.4 / 1.5e-3, 0.5);
  EXPECT_NEAR(compare().detail(2), 0, 1e-3) << "two pixels on, it is the same again";
}

TEST_F(PlateComparisonTest, DetailOfThePlateCountsLessWhereThePlateHasMuch) {
  const auto stripes = [](int x) { return x % 4 < 2 ? 0.3 : 0.7; };
  paint(plate_, [&](int x, int, int) { return stripes(x); });
  paint(image_, [&](int x, int, int) { return stripes(x + 1); });  // a plate that lies amiss
  EXPECT_LT(compare().detail(1), 4);
}

TEST_F(PlateComparisonTest, EdgesOutOfFocusHaveNone) {
  paint(plate_, [](int, int, int) { return 0.7; });
  paint(image_, [](int x, int, int) { return 0.7 - 0.05 * x; });
  EXPECT_NEAR(compare().detail(1), 0, 1e-3);
}

TEST_F(PlateComparisonTest, OtherColoursAreATint) {
  paint(plate_, [](int, int, int) { return 0.5; });
  paint(image_, [](int, int, int c) { return c < 2 ? 0.5 : 0.3; });
  EXPECT_NEAR(compare().tint(), std::sqrt((2 * 0.0667 * 0.0667 + 0.1333 * 0.1333) / 3), 1e-3);
}

TEST_F(PlateComparisonTest, TooFewPixelsHaveNone) {
  paint(image_, [](int x, int, int) { return x % 2 == 0 ? 0.1 : 0.9; });
  EXPECT_EQ(compare().detail(kSide / 2), 0);
}

}  // namespace
}  // namespace matting
