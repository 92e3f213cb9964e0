#include "image/pixel_rows.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <vector>

namespace matting {
namespace {

constexpr int kWidth = 37;

std::vector<PixelFormat> all_formats() {
  std::vector<PixelFormat> formats;
  for (std::uint32_t i = 1; i <= 10; ++i) formats.push_back(static_cast<PixelFormat>(i));
  return formats;
}

class PixelRows : public ::testing::TestWithParam<PixelFormat> {
 protected:
  PixelRows() : image_(kWidth, 2, GetParam()), red_(kWidth), green_(kWidth), blue_(kWidth) {}
  RgbRow row() { return {red_.data(), green_.data(), blue_.data()}; }

  Image image_;
  std::vector<float> red_, green_, blue_;
};

// Every level of every channel survives the way to float and back.
TEST_P(PixelRows, ReadThenWriteGivesTheSamePixels) {
  const int channels = channel_count(GetParam()), bytes = channel_bytes(GetParam());
  std::uint8_t* pixels = image_.mutable_view().row(1);
  for (int i = 0; i < kWidth * channels * bytes; ++i) pixels[i] = static_cast<std::uint8_t>(i * 7);
  std::vector<float> alpha(kWidth, 0.0f);
  if (channels == 4) {
    for (int x = 0; x < kWidth; ++x) {
      std::uint16_t level = 0;
      std::memcpy(&level, pixels + (x * 4 + 3) * bytes, bytes);
      alpha[x] = level / (bytes == 1 ? 255.0f : 65535.0f);
    }
  }
  read_rgb_row(image_.view(), 1, row());
  Image copy(kWidth, 2, GetParam());
  write_rgb_row(copy.mutable_view(), 1, row(), alpha.data());
  EXPECT_EQ(0, std::memcmp(copy.view().row(1), pixels, kWidth * pixel_bytes(GetParam())));
}

TEST_P(PixelRows, ClampsAndRoundsToNearest) {
  std::fill(red_.begin(), red_.end(), -0.5f);
  std::fill(green_.begin(), green_.end(), 1.5f);
  std::fill(blue_.begin(), blue_.end(), 0.5f);
  write_rgb_row(image_.mutable_view(), 0, row(), nullptr);
  std::vector<float> r(kWidth), g(kWidth), b(kWidth);
  read_rgb_row(image_.view(), 0, {r.data(), g.data(), b.data()});
  if (channel_count(GetParam()) == 1) {
    // Luma clamps after weighting: 0.299 * -0.5 + 0.587 * 1.5 + 0.114 * 0.5.
    EXPECT_NEAR(r[kWidth - 1], 0.788f, 0.003f);
    return;
  }
  EXPECT_EQ(r[kWidth - 1], 0.0f);
  EXPECT_EQ(g[kWidth - 1], 1.0f);
  EXPECT_NEAR(b[kWidth - 1], 0.5f, 0.003f);
}

class RowsWithAlpha : public PixelRows {};

TEST_P(RowsWithAlpha, AlphaIsFullWhereNoneIsGiven) {
  write_rgb_row(image_.mutable_view(), 0, row(), nullptr);
  const std::uint8_t* last = image_.view().row(0) + (kWidth - 1) * pixel_bytes(GetParam());
  EXPECT_EQ(last[3 * channel_bytes(GetParam())], 255);
}

INSTANTIATE_TEST_SUITE_P(EveryFormat, PixelRows, ::testing::ValuesIn(all_formats()),
                         [](const auto& test) { return std::string(format_name(test.param)); });

INSTANTIATE_TEST_SUITE_P(FourChannels, RowsWithAlpha,
                         ::testing::Values(PixelFormat::kRgba8, PixelFormat::kBgra8,
                                           PixelFormat::kRgba16, PixelFormat::kBgra16));

TEST(PixelRowsOrder, BlueFirstFormatsAreReadAsRgb) {
  Image image(16, 16, PixelFormat::kBgr8);
  image.mutable_view().row(0)[0] = 255;  // blue
  std::vector<float> r(16), g(16), b(16);
  read_rgb_row(image.view(), 0, {r.data(), g.data(), b.data()});
  EXPECT_EQ(r[0], 0.0f);
  EXPECT_EQ(b[0], 1.0f);
}

}  // namespace
}  // namespace matting
