#include "task/input_fitting.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "infer_background_matting/error.hpp"
#include "task/plate_check.hpp"

namespace matting {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

Image filled(int width, int height, PixelFormat format, std::uint8_t value) {
  Image image(width, height, format);
  for (int y = 0; y < height; ++y) {
    std::fill_n(image.mutable_view().row(y), width * pixel_bytes(format), value);
  }
  return image;
}

ErrorCode code_of(const TaskInputs& inputs, std::string* text) {
  try {
    check_inputs(inputs);
  } catch (const Error& error) {
    *text = error.what();
    return error.code();
  }
  return static_cast<ErrorCode>(0);
}

TEST(CheckInputs, SaysWhichInputIsMissing) {
  const Image image = filled(32, 32, PixelFormat::kRgb8, 9);
  std::string text;
  EXPECT_EQ(code_of({}, &text), ErrorCode::kMissingInput);
  EXPECT_THAT(text, HasSubstr("image"));
  EXPECT_EQ(code_of({image.view(), {}, {}, {}}, &text), ErrorCode::kMissingInput);
  EXPECT_THAT(text, HasSubstr("plate"));
}

TEST(InputFitting, PassesFittingInputsThroughWithoutACopy) {
  const Image image = filled(32, 24, PixelFormat::kRgb8, 9);
  const Image plate = filled(32, 24, PixelFormat::kBgra8, 8);
  InputFitting fitting;
  Warnings warnings;
  const Frame frame = fitting.fit({image.view(), plate.view(), {}, {}}, Params{}, warnings);
  EXPECT_EQ(frame.plate.data, plate.view().data);
  EXPECT_THAT(warnings, IsEmpty());
  EXPECT_TRUE(frame.background.empty());
}

TEST(InputFitting, ResizesThePlateAndSaysSo) {
  const Image image = filled(32, 24, PixelFormat::kRgb16, 9);
  const Image plate = filled(64, 48, PixelFormat::kGray8, 100);
  InputFitting fitting;
  Warnings warnings;
  const Frame frame = fitting.fit({image.view(), plate.view(), {}, {}}, Params{}, warnings);
  EXPECT_EQ(frame.plate.width, 32);
  EXPECT_EQ(frame.plate.format, PixelFormat::kRgb16);
  EXPECT_EQ(reinterpret_cast<const std::uint16_t*>(frame.plate.row(5))[7], 100 * 257);
  ASSERT_EQ(warnings.size(), 1u);
  EXPECT_THAT(warnings[0], HasSubstr("64x48"));
}

TEST(InputFitting, KeepsWhatItDerivedWhileTheGenerationStays) {
  const Image image = filled(32, 24, PixelFormat::kRgb8, 9);
  Image plate = filled(64, 48, PixelFormat::kRgb8, 100);
  ImageView view = plate.view();
  view.generation = 5;
  InputFitting fitting;
  Warnings warnings;
  const auto first = fitting.fit({image.view(), view, {}, {}}, Params{}, warnings).plate;
  const auto second = fitting.fit({image.view(), view, {}, {}}, Params{}, warnings).plate;
  EXPECT_EQ(first.generation, second.generation);
  view.generation = 6;
  const auto third = fitting.fit({image.view(), view, {}, {}}, Params{}, warnings).plate;
  EXPECT_NE(first.generation, third.generation);
  view.generation = 0;
  const auto fourth = fitting.fit({image.view(), view, {}, {}}, Params{}, warnings).plate;
  EXPECT_NE(third.generation, fourth.generation);
}

TEST(InputFitting, ChoosesTheBackground) {
  const Image image = filled(32, 24, PixelFormat::kRgb8, 9);
  const Image plate = filled(32, 24, PixelFormat::kRgb8, 80);
  const Image background = filled(10 * 16, 160, PixelFormat::kRgb8, 70);
  InputFitting fitting;
  Warnings warnings;
  Params params;
  apply_parameters({{"background", "#010203"}}, params);
  Frame frame = fitting.fit({image.view(), plate.view(), {}, {}}, params, warnings);
  EXPECT_TRUE(frame.has_background_color);
  EXPECT_EQ(frame.background_color[2], 3);
  apply_parameters({{"background", "blur:3"}}, params);
  frame = fitting.fit({image.view(), plate.view(), {}, {}}, params, warnings);
  EXPECT_EQ(frame.background.row(3)[5], 80);
  frame = fitting.fit({image.view(), plate.view(), background.view(), {}}, params, warnings);
  EXPECT_EQ(frame.background.row(3)[5], 70) << "input 2 goes before the parameter";
  EXPECT_EQ(frame.background.width, 32);
}

TEST(OutputFormats, FollowTheImage) {
  EXPECT_EQ(output_formats_for(PixelFormat::kRgb8, false).composite, PixelFormat::kRgba8);
  EXPECT_EQ(output_formats_for(PixelFormat::kBgr8, false).composite, PixelFormat::kBgra8);
  EXPECT_EQ(output_formats_for(PixelFormat::kGray16, true).composite, PixelFormat::kGray16);
  EXPECT_EQ(output_formats_for(PixelFormat::kBgra16, true).foreground, PixelFormat::kBgr16);
  EXPECT_EQ(output_formats_for(PixelFormat::kRgb16, true).alpha, PixelFormat::kGray16);
}

TEST(PlateCheck, WarnsOfWhatDoesNotFit) {
  const Image image = filled(320, 240, PixelFormat::kRgb8, 100);
  const Image plate = filled(320, 240, PixelFormat::kRgb8, 140);
  Image alpha = filled(320, 240, PixelFormat::kGray8, 0);
  Frame frame;
  frame.image = image.view();
  frame.plate = plate.view();
  frame.alpha = alpha.mutable_view();
  const PlateFit fit = measure_plate_fit(frame);
  EXPECT_NEAR(fit.background_misfit, 40 / 255.0, 1e-5);
  EXPECT_EQ(fit.background_share, 1.0);
  Warnings warnings;
  warn_of_plate(fit, warnings);
  ASSERT_EQ(warnings.size(), 2u);
  EXPECT_THAT(warnings[0], HasSubstr("does not fit"));
  EXPECT_THAT(warnings[1], HasSubstr("no subject"));

  frame.plate = image.view();
  for (int y = 0; y < 120; ++y) std::fill_n(alpha.mutable_view().row(y), 320, 255);
  warnings.clear();
  warn_of_plate(measure_plate_fit(frame), warnings);
  EXPECT_THAT(warnings, IsEmpty());
}

}  // namespace
}  // namespace matting
