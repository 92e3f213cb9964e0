#include "projection/cell_patches.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "image/pixel_rows.hpp"

namespace matting {
namespace {

// 2000x200 pixels are 200x20 cells of 10.
class CellPatchesTest : public ::testing::Test {
 protected:
  static constexpr int kSide = 10;

  CellPatchesTest() {
    for (int y = 0; y < image_.height(); ++y) {
      std::fill_n(image_.mutable_view().row(y), 3 * image_.width(), std::uint8_t{90});
    }
    fill_alpha(0.5f);
    frame_.image = image_.view();
    frame_.plate = image_.view();
    frame_.alpha = alpha_.mutable_view();
    patches_.begin(frame_);
  }
  void fill_alpha(float value) {
    const std::vector<float> row(static_cast<std::size_t>(alpha_.width()), value);
    for (int y = 0; y < alpha_.height(); ++y) {
      write_gray_row(alpha_.mutable_view(), y, row.data());
    }
  }
  // Along the middle of a row of cells.
  std::vector<float> row_of_cells(int row) const {
    std::vector<float> values(static_cast<std::size_t>(alpha_.width()));
    read_first_channel_row(alpha_.view(), row * kSide + kSide / 2, values.data());
    return values;
  }
  int cell(int column, int row) const { return row * patches_.grid().columns + column; }

  Image image_{2000, 200, PixelFormat::kRgb8}, alpha_{2000, 200, PixelFormat::kGray16};
  Frame frame_;
  CellPatches patches_;
};

TEST_F(CellPatchesTest, APatchIsWhatTouches) {
  ASSERT_EQ(patches_.grid().side, kSide);
  const std::vector<int> marked = {cell(3, 3), cell(4, 4), cell(5, 3), cell(9, 3)};
  std::vector<std::size_t> sizes;
  patches_.for_patches(
      [&](int at) { return std::find(marked.begin(), marked.end(), at) != marked.end(); },
      [&](const CellPatches::Cells& patch) { sizes.push_back(patch.size()); });
  EXPECT_EQ(sizes, (std::vector<std::size_t>{3, 1}));
}

TEST_F(CellPatchesTest, RaisedAlphaGoesOverWithoutAStep) {
  std::vector<float> shares(patches_.grid().cells(), 0.0f);
  shares[static_cast<std::size_t>(cell(6, 5))] = 0.6f;
  patches_.raise(frame_, shares);
  const std::vector<float> row = row_of_cells(5);
  EXPECT_NEAR(row[65], 0.5f + 0.6f * 0.5f, 0.04f);
  EXPECT_NEAR(row[55], 0.5f, 0.02f) << "the middle of the cell before";
  for (std::size_t x = 50; x < 80; ++x) EXPECT_NEAR(row[x], row[x + 1], 0.04f) << x;
  EXPECT_EQ(row_of_cells(7), row_of_cells(9)) << "two rows on";
  EXPECT_NEAR(patches_.greatest(cell(6, 5)), 0.8f, 0.03f);
  EXPECT_LT(patches_.least(cell(6, 5)), patches_.greatest(cell(6, 5)));
}

TEST_F(CellPatchesTest, WhatIsNotToBeRaisedIsNotSeen) {
  std::vector<float> shares(patches_.grid().cells(), -1.0f);
  shares[static_cast<std::size_t>(cell(6, 5))] = 0.6f;
  patches_.raise(frame_, shares);
  const std::vector<float> row = row_of_cells(5);
  for (std::size_t x = 0; x < 200; ++x) {
    EXPECT_NEAR(row[x], x / kSide == 6 ? 0.8f : 0.5f, 1e-4f) << x;
  }
}

TEST_F(CellPatchesTest, TheMaskGoesBefore) {
  Image mask(2000, 200, PixelFormat::kGray8);
  for (int y = 0; y < mask.height(); ++y) {
    std::fill_n(mask.mutable_view().row(y), mask.width(), std::uint8_t{128});
  }
  mask.mutable_view().row(55)[62] = 0;
  mask.mutable_view().row(55)[63] = 255;
  frame_.mask = mask.view();
  std::vector<float> shares(patches_.grid().cells(), 0.6f);
  patches_.raise(frame_, shares);
  EXPECT_EQ(row_of_cells(5)[62], 0);
  EXPECT_EQ(row_of_cells(5)[63], 1);
  patches_.settle(frame_, {cell(6, 5)}, 1);
  EXPECT_EQ(row_of_cells(5)[62], 0);
  EXPECT_EQ(row_of_cells(5)[64], 1);
  patches_.settle(frame_, {cell(6, 5)}, 0);
  EXPECT_EQ(row_of_cells(5)[63], 1);
  EXPECT_EQ(row_of_cells(5)[64], 0);
}

}  // namespace
}  // namespace matting
