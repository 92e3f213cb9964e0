// Pixels between files and images, against the definition of the matrices in doubles.
#include "video/pixel_conversion.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace workflow::video {
namespace {

constexpr int kWidth = 70, kHeight = 46;
constexpr double kRed = 0.2126, kBlue = 0.0722;  // of luma, BT.709
const ColourTags kLimited = {false, AVCOL_SPC_BT709, AVCOL_PRI_BT709, AVCOL_TRC_BT709};

using Yuv = std::array<double, 3>;

// Channel values 0 to 1, smooth, so that chroma of four pixels is that of each.
double picture(int x, int y, int channel) {
  return 0.5 + 0.5 * std::sin(0.03 * x * (channel + 1) + 0.05 * y + channel);
}

Image picture_of(wf_format format) {
  Image image(kWidth, kHeight, format);
  const int channels = channel_count(format);
  for (int y = 0; y < kHeight; ++y) {
    std::uint8_t* row = image.row(static_cast<std::uint32_t>(y));
    for (int i = 0; i < kWidth * channels; ++i) {
      const double value = picture(i / channels, y, i % channels);
      if (channel_bytes(format) == 1)
        row[i] = static_cast<std::uint8_t>(std::lround(value * 255));
      else
        reinterpret_cast<std::uint16_t*>(row)[i] =
            static_cast<std::uint16_t>(std::lround(value * 65535));
    }
  }
  return image;
}

double value_of(const Image& image, int x, int y, int channel) {
  const std::uint8_t* row = image.row(static_cast<std::uint32_t>(y));
  const int index = x * channel_count(image.format()) + channel;
  if (channel_bytes(image.format()) == 1) return row[index] / 255.0;
  return reinterpret_cast<const std::uint16_t*>(row)[index] / 65535.0;
}

// ITU-R BT.709, item 3.2 to 3.5, limited range, in levels of `depth` bits.
Yuv yuv_of(double red, double green, double blue, int depth) {
  const double luma = kRed * red + (1 - kRed - kBlue) * green + kBlue * blue;
  const double unit = 1 << (depth - 8);
  return {(16 + 219 * luma) * unit, (128 + 224 * (blue - luma) / (2 * (1 - kBlue))) * unit,
          (128 + 224 * (red - luma) / (2 * (1 - kRed))) * unit};
}

std::array<double, 3> colour_at(const Image& image, int x, int y) {
  const int red = is_blue_first(image.format()) ? 2 : 0;
  return {value_of(image, x, y, red), value_of(image, x, y, 1), value_of(image, x, y, 2 - red)};
}

int level(const AVFrame& frame, int plane, int x, int y) {
  const AVPixFmtDescriptor& facts = *av_pix_fmt_desc_get(static_cast<AVPixelFormat>(frame.format));
  const bool chroma = plane == 1 || plane == 2;
  if (chroma) x >>= facts.log2_chroma_w, y >>= facts.log2_chroma_h;
  const std::uint8_t* row = frame.data[plane] + y * frame.linesize[plane];
  return facts.comp[0].depth == 8 ? row[x] : reinterpret_cast<const std::uint16_t*>(row)[x];
}

int depth_of(AVPixelFormat format) {
  return av_pix_fmt_desc_get(format)->comp[0].depth;
}

// Largest distance from the definition over all planes, in levels.
double worst_error_to_frame(const Image& image, AVPixelFormat format) {
  const auto frame = make_frame(kWidth, kHeight, format);
  PixelConversion conversion;
  conversion.to_frame(image.view(), kLimited, *frame);
  double worst = 0;
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) {
      const auto [red, green, blue] = colour_at(image, x, y);
      const Yuv wanted = yuv_of(red, green, blue, depth_of(format));
      for (int plane = 0; plane < 3; ++plane) {
        const auto index = static_cast<std::size_t>(plane);
        worst = std::max(worst, std::abs(level(*frame, plane, x, y) - wanted[index]));
      }
    }
  }
  return worst;
}

TEST(PixelConversion, WritesEveryDepthByTheDefinition) {
  constexpr double kRounded = 1.2;  // half a level, and the matrix in integers
  for (const wf_format format : {WF_FORMAT_RGB8, WF_FORMAT_RGBA8, WF_FORMAT_RGB16, WF_FORMAT_BGR16,
                                 WF_FORMAT_RGBA16, WF_FORMAT_BGRA16}) {
    for (const AVPixelFormat target : {AV_PIX_FMT_YUV444P, AV_PIX_FMT_YUV444P10LE}) {
      EXPECT_LT(worst_error_to_frame(picture_of(format), target), kRounded)
          << format_name(format) << " to " << av_get_pix_fmt_name(target);
    }
  }
}

// Luma of a white image.
int white_level(wf_format format, AVPixelFormat target, const ColourTags& colour) {
  Image image(kWidth, kHeight, format);
  const auto bytes = static_cast<std::size_t>(kWidth * pixel_bytes(format));
  for (std::uint32_t y = 0; y < kHeight; ++y) std::fill_n(image.row(y), bytes, 255);
  const auto frame = make_frame(kWidth, kHeight, target);
  PixelConversion conversion;
  conversion.to_frame(image.view(), colour, *frame);
  return level(*frame, 0, 20, 20);
}

TEST(PixelConversion, WhiteIsWhiteInEveryDepth) {
  ColourTags full = kLimited;
  full.full_range = true;
  for (const AVPixelFormat target :
       {AV_PIX_FMT_YUV420P, AV_PIX_FMT_YUV420P10LE, AV_PIX_FMT_YUV444P10LE}) {
    const int depth = depth_of(target);
    for (const wf_format format :
         {WF_FORMAT_GRAY8, WF_FORMAT_RGB8, WF_FORMAT_GRAY16, WF_FORMAT_RGB16, WF_FORMAT_RGBA16}) {
      EXPECT_EQ(white_level(format, target, kLimited), 235 << (depth - 8))
          << format_name(format) << " to " << av_get_pix_fmt_name(target);
      if (channel_bytes(format) == 1 && depth > 8) continue;  // swscale makes 255 * 4 of it
      EXPECT_EQ(white_level(format, target, full), (1 << depth) - 1)
          << format_name(format) << " to " << av_get_pix_fmt_name(target) << ", full range";
    }
  }
}

// A step in colour behind pixel 32, beside which a column of chroma lies.
TEST(PixelConversion, WritesChromaBesideTheLeftOfTwoPixels) {
  Image image(kWidth, kHeight, WF_FORMAT_RGB8);
  for (std::uint32_t y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) image.row(y)[3 * x] = x > 32 ? 200 : 0;
  }
  for (const AVPixelFormat target :
       {AV_PIX_FMT_YUV420P, AV_PIX_FMT_YUV420P10LE, AV_PIX_FMT_YUV422P10LE}) {
    const auto frame = make_frame(kWidth, kHeight, target);
    PixelConversion conversion;
    conversion.to_frame(image.view(), kLimited, *frame);
    const auto cr = [&](int x) { return static_cast<double>(level(*frame, 2, x, 20)); };
    // Between them, it would be 0.5.
    EXPECT_NEAR((cr(32) - cr(20)) / (cr(44) - cr(20)), 0.2, 0.1) << av_get_pix_fmt_name(target);
  }
}

TEST(PixelConversion, FullRangeIsReadByTheDefinition) {
  ColourTags full = kLimited;
  full.full_range = true;
  const auto frame = make_frame(kWidth, kHeight, AV_PIX_FMT_YUV444P10LE);
  for (const int luma : {0, 300, 1023}) {
    for (int plane = 0; plane < 3; ++plane) {
      auto* values = reinterpret_cast<std::uint16_t*>(frame->data[plane]);
      const auto count = static_cast<std::size_t>(frame->linesize[plane]) / 2 * kHeight;
      std::fill_n(values, count, static_cast<std::uint16_t>(plane == 0 ? luma : 512));
    }
    Image image(kWidth, kHeight, WF_FORMAT_RGB16);
    PixelConversion conversion;
    conversion.to_image(*frame, full, image);
    EXPECT_NEAR(value_of(image, 9, 9, 1), luma / 1023.0, 1.0 / 8192) << luma;
  }
}

TEST(PixelConversion, AlphaIsRoundedToTheNearestLevel) {
  for (const wf_format format : {WF_FORMAT_RGBA8, WF_FORMAT_BGRA16}) {
    const Image image = picture_of(format);
    for (const AVPixelFormat target : {AV_PIX_FMT_YUVA420P, AV_PIX_FMT_YUVA444P10LE}) {
      const int top = (1 << depth_of(target)) - 1;
      const auto frame = make_frame(kWidth, kHeight, target);
      PixelConversion conversion;
      conversion.to_frame(image.view(), kLimited, *frame);
      for (int y = 0; y < kHeight; ++y) {
        for (int x = 0; x < kWidth; ++x) {
          ASSERT_NEAR(level(*frame, 3, x, y), value_of(image, x, y, 3) * top, 0.501)
              << format_name(format) << " to " << av_get_pix_fmt_name(target);
        }
      }
    }
  }
}

TEST(PixelConversion, ReadsGreyLevelsByTheDefinition) {
  for (const AVPixelFormat source : {AV_PIX_FMT_YUV420P, AV_PIX_FMT_YUV422P10LE,
                                     AV_PIX_FMT_YUV420P12LE, AV_PIX_FMT_YUV444P10LE}) {
    const int depth = depth_of(source);
    for (const int luma : {16, 60, 128, 200, 235}) {
      const auto frame = make_frame(kWidth, kHeight, source);
      for (int plane = 0; plane < 3; ++plane) {
        const int value = (plane == 0 ? luma : 128) << (depth - 8);
        const int rows =
            AV_CEIL_RSHIFT(kHeight, plane == 0 ? 0 : av_pix_fmt_desc_get(source)->log2_chroma_h);
        std::uint8_t* data = frame->data[plane];
        const auto bytes =
            static_cast<std::size_t>(frame->linesize[plane]) * static_cast<std::size_t>(rows);
        if (depth == 8)
          std::fill_n(data, bytes, static_cast<std::uint8_t>(value));
        else
          std::fill_n(reinterpret_cast<std::uint16_t*>(data), bytes / 2,
                      static_cast<std::uint16_t>(value));
      }
      Image image(kWidth, kHeight, depth == 8 ? WF_FORMAT_RGB8 : WF_FORMAT_RGB16);
      PixelConversion conversion;
      conversion.to_image(*frame, kLimited, image);
      const double step = depth == 8 ? 1.0 / 255 : 1.0 / 4096;
      for (int channel = 0; channel < 3; ++channel) {
        EXPECT_NEAR(value_of(image, 30, 20, channel), (luma - 16) / 219.0, 0.6 * step)
            << av_get_pix_fmt_name(source) << " " << luma;
      }
    }
  }
}

// What was written comes back, in every order of channels that an image may have.
TEST(PixelConversion, ColoursComeBack) {
  for (const wf_format format :
       {WF_FORMAT_RGB8, WF_FORMAT_BGR8, WF_FORMAT_RGB16, WF_FORMAT_BGR16}) {
    const bool deep = channel_bytes(format) == 2;
    const Image image = picture_of(format);
    const auto frame =
        make_frame(kWidth, kHeight, deep ? AV_PIX_FMT_YUV444P12LE : AV_PIX_FMT_YUV444P);
    PixelConversion there, back;
    there.to_frame(image.view(), kLimited, *frame);
    Image again(kWidth, kHeight, format);
    back.to_image(*frame, kLimited, again);
    const double most = deep ? 2.0 / 4096 : 3.0 / 255;
    for (int y = 0; y < kHeight; ++y) {
      for (int x = 0; x < kWidth; ++x) {
        for (int channel = 0; channel < 3; ++channel) {
          ASSERT_NEAR(value_of(again, x, y, channel), value_of(image, x, y, channel), most)
              << format_name(format) << " at " << x << ", " << y;
        }
      }
    }
  }
}

TEST(PixelConversion, ReorderedChannelsKeepTheirValues) {
  const Image image = picture_of(WF_FORMAT_RGB8);
  const auto frame = make_frame(kWidth, kHeight, AV_PIX_FMT_BGR0);
  PixelConversion conversion;
  conversion.to_frame(image.view(), kLimited, *frame);
  for (int y = 0; y < kHeight; ++y) {
    const std::uint8_t* row = frame->data[0] + y * frame->linesize[0];
    for (int x = 0; x < kWidth; ++x) {
      for (int channel = 0; channel < 3; ++channel) {
        ASSERT_EQ(row[4 * x + 2 - channel],
                  image.row(static_cast<std::uint32_t>(y))[3 * x + channel]);
      }
    }
  }
}

}  // namespace
}  // namespace workflow::video
