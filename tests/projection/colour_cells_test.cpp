#include "projection/colour_cells.hpp"

#include <gtest/gtest.h>

#include "projection/soft_disc.hpp"

namespace matting {
namespace {

class Cells : public ::testing::Test {
 protected:
  Cells() {
    disc_.guess([this](int x, int y) { return disc_.true_alpha(x, y); });
  }

  void measure(ColourCells::Around around = ColourCells::kFar) {
    cells_.begin(disc_.frame());
    cells_.measure(disc_.frame(), disc_.alpha.view(), around);
  }

  // At the right edge of the disc.
  float at_edge(int plane) const {
    const int x = static_cast<int>(disc_.width / 2 + SoftDisc::kRadius) / cells_.side();
    return cells_.row(plane, cells_.rows() / 2)[x];
  }

  SoftDisc disc_{640, 360, PixelFormat::kRgb8, PixelFormat::kGray8};
  ColourCells cells_;
};

TEST_F(Cells, KnowTheSubjectsColourAtItsEdge) {
  measure();
  EXPECT_EQ(cells_.side(), 3);
  EXPECT_EQ(cells_.columns(), 213);
  for (int c = 0; c < 3; ++c) {
    EXPECT_NEAR(at_edge(ColourCells::kSubjectColour + c), SoftDisc::kSubject[c], 0.01) << c;
    EXPECT_NEAR(at_edge(ColourCells::kPlateError + c), 0, 0.002) << c;
  }
  for (int s = 0; s < 6; ++s) EXPECT_LT(at_edge(ColourCells::kSubjectSpread + s), 0.001) << s;
  EXPECT_EQ(at_edge(ColourCells::kReach), 1);
}

TEST_F(Cells, FindWhatThePlateIsOffBy) {
  for (int y = 0; y < disc_.height; ++y) {
    std::uint8_t* row = disc_.plate.mutable_view().row(y);
    for (int x = 0; x < disc_.width; ++x)
      row[3 * x + 1] = static_cast<std::uint8_t>(row[3 * x + 1] - 20);
  }
  measure();
  EXPECT_NEAR(at_edge(ColourCells::kPlateError), 0, 0.002);
  EXPECT_NEAR(at_edge(ColourCells::kPlateError + 1), 20 / 255.0, 0.002);
  for (int s = 0; s < 6; ++s) {
    EXPECT_LT(at_edge(ColourCells::kErrorSpread + s), 0.001) << "off by the same everywhere";
  }
}

// Stripes of red and green that come and go together, blue against them.
TEST_F(Cells, FindHowTheSubjectsColoursVaryTogether) {
  for (int y = 0; y < disc_.height; ++y) {
    std::uint8_t* row = disc_.image.mutable_view().row(y);
    for (int x = 0; x < disc_.width; ++x) {
      const int step = y % 2 == 0 ? 20 : -20;
      const int colour[3] = {120 + step, 120 + step / 2, 120 - step};
      for (int c = 0; c < 3; ++c) row[3 * x + c] = static_cast<std::uint8_t>(colour[c]);
    }
  }
  measure();
  const float unit = 20 * 20 / (255.0f * 255.0f);
  const float wanted[6] = {unit, unit / 2, -unit, unit / 4, -unit / 2, unit};
  for (int s = 0; s < 6; ++s) {
    EXPECT_NEAR(at_edge(ColourCells::kSubjectSpread + s), wanted[s], 0.04f * unit) << s;
  }
}

// The disc's rim has a colour of its own, two cells wide.
TEST_F(Cells, KnowTheColourOfTheEdgeItselfOnceItsPixelsTell) {
  const float blue[3] = {0.1f, 0.2f, 0.9f};
  const SoftDisc red = disc_;
  disc_.paint([this](int x, int y) { return disc_.true_alpha(x, y); }, blue);
  for (int y = 0; y < disc_.height; ++y) {
    for (int x = 0; x < disc_.width; ++x) {
      if (disc_.distance(x, y) > -12) continue;
      std::copy_n(red.image.view().row(y) + 3 * x, 3, disc_.image.mutable_view().row(y) + 3 * x);
    }
  }
  measure(ColourCells::kFar);
  const float far = at_edge(ColourCells::kSubjectColour + 2);
  measure(ColourCells::kNear);
  const float near = at_edge(ColourCells::kSubjectColour + 2);
  EXPECT_LT(far, 0.8f);
  EXPECT_NEAR(near, blue[2], 0.05f);
}

// Strands that the network did not see, beyond what it calls soft.
TEST_F(Cells, WidenWhereAnEstimateFoundMore) {
  const auto beyond = [&] {
    const int x = static_cast<int>(disc_.width / 2 + SoftDisc::kRadius + 25) / cells_.side();
    return cells_.row(ColourCells::kReach, cells_.rows() / 2)[x];
  };
  measure();
  EXPECT_EQ(beyond(), 0);
  SoftDisc found = disc_;
  found.guess([&](int x, int y) {
    const bool strand = x % 3 == 0 && disc_.distance(x, y) > 0 && disc_.distance(x, y) < 30;
    return strand ? 0.5f : disc_.true_alpha(x, y);
  });
  cells_.widen(found.alpha.view());
  cells_.measure(disc_.frame(), found.alpha.view(), ColourCells::kNear);
  EXPECT_EQ(beyond(), 1);
  measure();
  EXPECT_EQ(beyond(), 0) << "a new frame begins with what the network says";
}

TEST_F(Cells, ReachNoFurtherThanTheEdge) {
  measure();
  const int y = cells_.rows() / 2;
  const ColourCells::Run left = cells_.next_run(y, 0);
  const ColourCells::Run right = cells_.next_run(y, left.last);
  ASSERT_FALSE(right.empty());
  EXPECT_TRUE(cells_.next_run(y, right.last).empty());
  // The soft band is 12 pixels wide, four cells, with two more on each side.
  EXPECT_NEAR(left.last - left.first, 8, 1);
  EXPECT_NEAR(left.first * 3, disc_.width / 2 - 50 - 6 - 6, 6);
  EXPECT_TRUE(cells_.next_run(2, 0).empty());
}

TEST_F(Cells, ReachNothingWhereNothingSureIsNear) {
  disc_.guess([](int, int) { return 0.5f; });
  measure();
  for (int y = 0; y < cells_.rows(); ++y) EXPECT_TRUE(cells_.next_run(y, 0).empty()) << y;
}

}  // namespace
}  // namespace matting
