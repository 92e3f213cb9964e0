#include "infer_background_matting/image.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "infer_background_matting/error.hpp"

namespace matting {
namespace {

using ::testing::HasSubstr;

ErrorCode code_of(const ImageView& view, std::string* text = nullptr) {
  try {
    check_view(view, "plate");
  } catch (const Error& error) {
    if (text) *text = error.what();
    return error.code();
  }
  return static_cast<ErrorCode>(0);
}

TEST(CheckView, AcceptsPaddedRows) {
  std::uint8_t pixels[16 * 100] = {};
  EXPECT_EQ(code_of({PixelFormat::kRgb8, 16, 16, 100, pixels}), static_cast<ErrorCode>(0));
}

TEST(CheckView, NamesWhatWasWantedAndFound) {
  std::uint8_t pixels[16 * 48] = {};
  std::string text;
  EXPECT_EQ(code_of({PixelFormat::kRgb8, 16, 16, 47, pixels}, &text), ErrorCode::kBadImage);
  EXPECT_THAT(text, HasSubstr("plate"));
  EXPECT_THAT(text, HasSubstr("47"));
  EXPECT_THAT(text, HasSubstr("48"));
}

TEST(CheckView, RefusesSizesBeyondTheLimits) {
  std::uint8_t pixel = 0;
  EXPECT_EQ(code_of({PixelFormat::kGray8, 0, 16, 0, &pixel}), ErrorCode::kBadImage);
  EXPECT_EQ(code_of({PixelFormat::kGray8, 15, 16, 15, &pixel}), ErrorCode::kBadImage);
  EXPECT_EQ(code_of({PixelFormat::kGray8, 16385, 16, 16385, &pixel}), ErrorCode::kTooLarge);
  EXPECT_EQ(code_of({PixelFormat::kGray8, 16000, 16000, 16000, &pixel}), ErrorCode::kTooLarge);
}

TEST(CheckView, RefusesUnknownFormatsNullDataAndOddAddresses) {
  alignas(2) std::uint8_t pixels[2 * 16 * 16 + 2] = {};
  EXPECT_EQ(code_of({static_cast<PixelFormat>(99), 16, 16, 16, pixels}), ErrorCode::kBadImage);
  EXPECT_EQ(code_of({PixelFormat::kGray8, 16, 16, 16, nullptr}), ErrorCode::kBadImage);
  EXPECT_EQ(code_of({PixelFormat::kGray16, 16, 16, 32, pixels + 1}), ErrorCode::kBadImage);
}

TEST(Image, OwnsZeroedRowsWithoutPadding) {
  Image image(17, 3, PixelFormat::kRgba16);
  EXPECT_EQ(image.view().stride_bytes, 17 * 8);
  EXPECT_EQ(image.view().row(2)[17 * 8 - 1], 0);
  EXPECT_THROW(Image(0, 3, PixelFormat::kRgb8), Error);
  EXPECT_THROW(Image(20000, 3, PixelFormat::kRgb8), Error);
}

TEST(PixelFormat, FactsOfEach) {
  EXPECT_EQ(pixel_bytes(PixelFormat::kBgra16), 8);
  EXPECT_EQ(pixel_bytes(PixelFormat::kGray8), 1);
  EXPECT_EQ(pixel_bytes(static_cast<PixelFormat>(1234)), 0);
  EXPECT_STREQ(format_name(PixelFormat::kBgr16), "bgr16");
}

}  // namespace
}  // namespace matting
