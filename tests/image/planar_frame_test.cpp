#include "image/planar_frame.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace matting {
namespace {

// A 17x18 frame (padded to 20x20) whose network result is constant, so that each output value can
// be said by hand.
class WriteFrame : public ::testing::Test {
 protected:
  static constexpr int kWidth = 17, kHeight = 18, kPadded = 20;

  WriteFrame()
      : image_(kWidth, kHeight, PixelFormat::kRgb8),
        alpha_(kPadded * kPadded, 0.5f),
        foreground_(3 * kPadded * kPadded, 1.0f),
        error_(5 * 5, 0.25f),
        composite_(kWidth, kHeight, PixelFormat::kRgb8),
        cut_out_(kWidth, kHeight, PixelFormat::kRgba8),
        alpha_out_(kWidth, kHeight, PixelFormat::kGray8),
        foreground_out_(kWidth, kHeight, PixelFormat::kBgr8),
        error_out_(kWidth, kHeight, PixelFormat::kGray8) {
    result_.padded_width = result_.padded_height = kPadded;
    result_.alpha = alpha_.data();
    result_.foreground = foreground_.data();
    result_.error = error_.data();
    result_.error_width = result_.error_height = 5;
    frame_.image = image_.view();
    frame_.alpha = alpha_out_.mutable_view();
    frame_.foreground = foreground_out_.mutable_view();
    frame_.error = error_out_.mutable_view();
  }

  Image image_;
  std::vector<float> alpha_, foreground_, error_;
  Image composite_, cut_out_, alpha_out_, foreground_out_, error_out_;
  PlanarResult result_;
  Frame frame_;
};

TEST_F(WriteFrame, RoundsAlphaForegroundAndError) {
  write_frame(result_, frame_);
  EXPECT_EQ(alpha_out_.view().row(17)[16], 128);
  EXPECT_EQ(foreground_out_.view().row(17)[3 * 16], 255);
  EXPECT_EQ(error_out_.view().row(17)[16], 64);
}

TEST_F(WriteFrame, TakesBytesForWhatTheyStandFor) {
  std::vector<std::uint8_t> alpha(alpha_.size()), foreground(foreground_.size());
  for (std::size_t i = 0; i < foreground.size(); ++i) {
    foreground[i] = static_cast<std::uint8_t>(i * 37);
    foreground_[i] = static_cast<float>(foreground[i]) / 255;
  }
  for (std::size_t i = 0; i < alpha.size(); ++i) {
    alpha[i] = static_cast<std::uint8_t>(i);
    alpha_[i] = static_cast<float>(alpha[i]) / 255;
  }
  Image cut_out(kWidth, kHeight, PixelFormat::kRgba8), front(kWidth, kHeight, PixelFormat::kBgr8);
  frame_.composite = cut_out_.mutable_view();
  write_frame(result_, frame_);
  frame_.composite = cut_out.mutable_view();
  frame_.foreground = front.mutable_view();
  result_.alpha = result_.foreground = nullptr;
  result_.alpha_bytes = alpha.data();
  result_.foreground_bytes = foreground.data();
  write_frame(result_, frame_);
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) {
      EXPECT_EQ(alpha_out_.view().row(y)[x], alpha[kPadded * y + x]);
      for (int c = 0; c < 4; ++c) {
        EXPECT_EQ(cut_out.view().row(y)[4 * x + c], cut_out_.view().row(y)[4 * x + c]);
      }
      for (int c = 0; c < 3; ++c) {
        EXPECT_EQ(front.view().row(y)[3 * x + c], foreground_out_.view().row(y)[3 * x + c]);
      }
    }
  }
}

TEST_F(WriteFrame, CompositesOverAColour) {
  frame_.composite = composite_.mutable_view();
  frame_.has_background_color = true;
  frame_.background_color[0] = 100;
  write_frame(result_, frame_);
  const std::uint8_t* pixel = composite_.view().row(3) + 3 * 5;
  EXPECT_EQ(pixel[0], 178);  // (255 + 100) / 2, rounded
  EXPECT_EQ(pixel[1], 128);  // 255 / 2, rounded
}

TEST_F(WriteFrame, CompositesOverAPicture) {
  Image background(kWidth, kHeight, PixelFormat::kBgr8);
  for (int i = 0; i < 3 * kWidth; i += 3) background.mutable_view().row(9)[i] = 255;  // blue
  frame_.background = background.view();
  frame_.composite = composite_.mutable_view();
  write_frame(result_, frame_);
  EXPECT_EQ(composite_.view().row(9)[0], 128);
  EXPECT_EQ(composite_.view().row(9)[2], 255);
}

TEST_F(WriteFrame, CutsOutWithStraightAlphaAndNoColourWhereNothingIs) {
  frame_.composite = cut_out_.mutable_view();
  alpha_[0] = 0.001f;  // rounds to 0
  alpha_[1] = 0.002f;  // rounds to 1
  write_frame(result_, frame_);
  const std::uint8_t* row = cut_out_.view().row(0);
  EXPECT_EQ(row[0], 0);
  EXPECT_EQ(row[3], 0);
  EXPECT_EQ(row[4], 255);
  EXPECT_EQ(row[7], 1);
  EXPECT_EQ(row[8 + 3], 128);
}

TEST_F(WriteFrame, TheMaskOverrulesTheNetwork) {
  Image mask(kWidth, kHeight, PixelFormat::kGray8);
  for (int x = 0; x < kWidth; ++x) mask.mutable_view().row(4)[x] = x < 5 ? 0 : x < 10 ? 255 : 100;
  image_.mutable_view().row(4)[3 * 7] = 33;
  frame_.mask = mask.view();
  write_frame(result_, frame_);
  const std::uint8_t* alpha = alpha_out_.view().row(4);
  EXPECT_EQ(alpha[4], 0);
  EXPECT_EQ(alpha[7], 255);
  EXPECT_EQ(alpha[12], 128);
  EXPECT_EQ(foreground_out_.view().row(4)[3 * 7 + 2], 33) << "foreground is the image there";
}

TEST_F(WriteFrame, NothingIsWrittenThatIsNotWanted) {
  frame_.alpha = frame_.foreground = frame_.error = {};
  write_frame(result_, frame_);
  EXPECT_EQ(alpha_out_.view().row(0)[0], 0);
}

TEST(ReadPlanes, RepeatsTheLastColumnAndRow) {
  Image image(17, 18, PixelFormat::kGray8);
  image.mutable_view().row(17)[16] = 255;
  std::vector<float> planes(3 * 20 * 20, -1.0f);
  read_planes(image.view(), 20, 20, planes.data());
  EXPECT_EQ(planes[19 * 20 + 19], 1.0f);
  EXPECT_EQ(planes[2 * 400 + 18 * 20 + 17], 1.0f);
  EXPECT_EQ(planes[19 * 20 + 15], 0.0f);
}

TEST(WriteFrameError, IsScaledBilinearlyWithCentresAligned) {
  Image image(16, 16, PixelFormat::kGray16), error(16, 16, PixelFormat::kGray16);
  const std::vector<float> alpha(256), foreground(768), coarse = {0, 1, 0, 1};
  PlanarResult result{16, 16, alpha.data(), foreground.data(), coarse.data(), 2, 2};
  Frame frame;
  frame.image = image.view();
  frame.error = error.mutable_view();
  write_frame(result, frame);
  const auto* row = reinterpret_cast<const std::uint16_t*>(error.view().row(5));
  EXPECT_EQ(row[0], 0);
  EXPECT_EQ(row[15], 65535);
  EXPECT_NEAR(row[7] / 65535.0, 0.4375, 1e-4);  // (7.5 / 8 - 0.5)
}

}  // namespace
}  // namespace matting
