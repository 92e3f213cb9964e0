// What tests of the projection's first steps share: a soft disc, with alpha of 8 and of 16 bits.
#ifndef MATTING_TESTS_PROJECTION_SOFT_DISC_TEST_HPP
#define MATTING_TESTS_PROJECTION_SOFT_DISC_TEST_HPP

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "projection/cell_detail.hpp"
#include "projection/cell_patches.hpp"
#include "projection/soft_disc.hpp"

namespace matting {

// 643x361 pixels are 214x120 cells of 3, and a row and a column of pixels that are left over.
class SoftDiscTest : public ::testing::TestWithParam<PixelFormat> {
 protected:
  static bool wide() { return GetParam() == PixelFormat::kGray16; }
  SoftDiscTest() : disc_(643, 361, wide() ? PixelFormat::kRgb16 : PixelFormat::kRgb8, GetParam()) {}

  float alpha(int x, int y) const { return row(disc_.alpha, y)[static_cast<std::size_t>(x)]; }
  std::vector<float> row(const Image& picture, int y) const {
    std::vector<float> values(static_cast<std::size_t>(disc_.width));
    read_first_channel_row(picture.view(), y, values.data());
    return values;
  }

  // step(detail, patches), with what the projection has found by then.
  template <class Step>
  static void run(const Frame& frame, const Step& step) {
    CellPatches patches;
    patches.begin(frame);
    CellDetail detail;
    detail.begin(frame, patches);
    step(detail, patches);
  }
  // Says nothing but at that pixel.
  static Image mask_with(int x, int y, std::uint8_t value) {
    Image mask(643, 361, PixelFormat::kGray8);
    for (int row = 0; row < mask.height(); ++row) {
      std::fill_n(mask.mutable_view().row(row), mask.width(), std::uint8_t{128});
    }
    mask.mutable_view().row(y)[x] = value;
    return mask;
  }

  SoftDisc disc_;
};

inline std::string depth_name(const ::testing::TestParamInfo<PixelFormat>& format) {
  return format.param == PixelFormat::kGray8 ? "8_bit" : "16_bit";
}

}  // namespace matting

#endif  // MATTING_TESTS_PROJECTION_SOFT_DISC_TEST_HPP
