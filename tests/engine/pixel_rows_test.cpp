// Rows read by the kernels against the plain conversions.
#include "engine/pixel_rows.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "engine/isa.hpp"

namespace matting::engine {
namespace {

constexpr int kWidth = 37;  // no whole vectors
constexpr float kUntouched = -1;

class RowsRead : public ::testing::TestWithParam<int> {
 protected:
  // Three planes with a value behind each that no row may touch.
  RowsRead() : planes_(3 * kPitch, kUntouched) {}
  static constexpr int kPitch = kWidth + 1;
  RgbRow row() { return {planes_.data(), planes_.data() + kPitch, planes_.data() + 2 * kPitch}; }
  std::vector<float> planes_;
};

TEST_P(RowsRead, AreThePlainConversions) {
  Image image(kWidth, 2, static_cast<PixelFormat>(GetParam()));
  std::uint8_t* const pixels = image.mutable_view().row(1);
  for (int i = 0; i < kWidth * pixel_bytes(image.format()); ++i) {
    pixels[i] = static_cast<std::uint8_t>(i * 7);
  }
  matting::read_rgb_row(image.view(), 1, row());
  const std::vector<float> wanted = planes_;
  planes_.assign(planes_.size(), kUntouched);
  read_rgb_row(process_kernels(), image.view(), 1, row());
  EXPECT_EQ(planes_, wanted);
}

INSTANTIATE_TEST_SUITE_P(Formats, RowsRead, ::testing::Range(1, 11), [](const auto& format) {
  return std::string(format_name(static_cast<PixelFormat>(format.param)));
});

}  // namespace
}  // namespace matting::engine
