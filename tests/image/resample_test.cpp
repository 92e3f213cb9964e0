#include "image/resample.hpp"

#include <gtest/gtest.h>

#include "image/blur.hpp"

namespace matting {
namespace {

// A grey ramp from left to right, value = x * step.
Image ramp(int width, int height, int step) {
  Image image(width, height, PixelFormat::kGray8);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      image.mutable_view().row(y)[x] = static_cast<std::uint8_t>(x * step);
    }
  }
  return image;
}

Image flat(int width, int height, std::uint8_t value) {
  Image image(width, height, PixelFormat::kGray8);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) image.mutable_view().row(y)[x] = value;
  }
  return image;
}

int at(const Image& image, int x, int y) {
  return image.view().row(y)[x];
}

TEST(FitImage, SameSizeIsACopy) {
  const Image source = ramp(40, 20, 6);
  const Image copy = fit_image(source.view(), 40, 20, PixelFormat::kGray8, BackgroundFit::kStretch);
  for (int x = 0; x < 40; ++x) EXPECT_EQ(at(copy, x, 7), at(source, x, 7));
}

TEST(FitImage, FlatStaysFlatInEverySize) {
  for (const int width : {16, 33, 100}) {
    const Image out =
        fit_image(flat(50, 30, 77).view(), width, 41, PixelFormat::kRgb8, BackgroundFit::kStretch);
    EXPECT_EQ(out.view().row(0)[0], 77);
    EXPECT_EQ(out.view().row(40)[3 * (width - 1) + 2], 77);
  }
}

TEST(FitImage, ShrinkingAveragesInsteadOfAliasing) {
  Image stripes(64, 16, PixelFormat::kGray8);
  for (int y = 0; y < 16; ++y) {
    for (int x = 0; x < 64; ++x) stripes.mutable_view().row(y)[x] = x % 2 ? 255 : 0;
  }
  const Image out = fit_image(stripes.view(), 16, 16, PixelFormat::kGray8, BackgroundFit::kStretch);
  for (int x = 1; x < 15; ++x) EXPECT_NEAR(at(out, x, 8), 128, 2);
}

TEST(FitImage, CoverCutsTheMiddleOutAndContainLeavesBars) {
  const Image wide = ramp(200, 20, 1);
  const Image cover = fit_image(wide.view(), 20, 20, PixelFormat::kGray8, BackgroundFit::kCover);
  EXPECT_NEAR(at(cover, 0, 10), 90, 1);
  EXPECT_NEAR(at(cover, 19, 10), 109, 1);
  const Image contain =
      fit_image(flat(200, 20, 200).view(), 20, 20, PixelFormat::kGray8, BackgroundFit::kContain);
  EXPECT_EQ(at(contain, 10, 0), 0);
  EXPECT_EQ(at(contain, 10, 10), 200);
  EXPECT_EQ(at(contain, 10, 19), 0);
}

TEST(FitImage, CenterAndTileDoNotScale) {
  const Image small = ramp(16, 16, 10);
  const Image center = fit_image(small.view(), 32, 32, PixelFormat::kGray8, BackgroundFit::kCenter);
  EXPECT_EQ(at(center, 8 + 5, 16), 50);
  EXPECT_EQ(at(center, 2, 16), 0);
  const Image tile = fit_image(small.view(), 40, 40, PixelFormat::kGray8, BackgroundFit::kTile);
  EXPECT_EQ(at(tile, 16 + 5, 35), 50);
}

TEST(FitMask, KeepsTheValuesOfATrimap) {
  Image mask(16, 16, PixelFormat::kRgb8);
  for (int x = 8; x < 16; ++x) {
    for (int y = 0; y < 16; ++y) mask.mutable_view().row(y)[3 * x] = 255;
  }
  const Image out = fit_mask(mask.view(), 37, 41);
  for (int x = 0; x < 37; ++x) EXPECT_TRUE(at(out, x, 20) == 0 || at(out, x, 20) == 255);
  EXPECT_EQ(at(out, 0, 40), 0);
  EXPECT_EQ(at(out, 36, 40), 255);
}

TEST(BlurImage, KeepsFlatPicturesAndSpreadsAPointLikeAGaussian) {
  const Image same = blur_image(flat(40, 40, 123).view(), 5, PixelFormat::kGray8);
  EXPECT_EQ(at(same, 0, 0), 123);
  EXPECT_EQ(at(same, 20, 39), 123);

  Image edge(101, 21, PixelFormat::kGray16);
  for (int y = 0; y < 21; ++y) {
    auto* row = reinterpret_cast<std::uint16_t*>(edge.mutable_view().row(y));
    for (int x = 51; x < 101; ++x) row[x] = 65535;
  }
  const Image soft = blur_image(edge.view(), 6, PixelFormat::kGray16);
  const auto* row = reinterpret_cast<const std::uint16_t*>(soft.view().row(10));
  // A step blurred with sigma 6, read one sigma beyond its middle: Phi(1) = 0.841.
  EXPECT_NEAR(row[56] / 65535.0, 0.82, 0.02);
  EXPECT_NEAR(row[45] / 65535.0, 0.18, 0.02);
}

}  // namespace
}  // namespace matting
