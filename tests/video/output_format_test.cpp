#include "video/output_format.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "error_of.hpp"
#include "video/sequence.hpp"

namespace workflow::video {
namespace {

using ::testing::HasSubstr;

FormatRequest request(const std::string& path, Content content = Content::kColour) {
  FormatRequest wanted;
  wanted.path = path;
  wanted.content = content;
  wanted.width = 160;
  wanted.height = 90;
  return wanted;
}

TEST(OutputFormat, ComesFromTheEnding) {
  EXPECT_EQ(choose_format(request("a.mp4")).encoder, "libx264");
  EXPECT_EQ(choose_format(request("a.MOV", Content::kColourAndAlpha)).pixel_format, "yuva444p10le");
  EXPECT_EQ(choose_format(request("a.webm", Content::kColourAndAlpha)).pixel_format, "yuva420p");
  EXPECT_EQ(choose_format(request("a.mkv", Content::kGrey)).pixel_format, "gray");
  EXPECT_EQ(choose_format(request("f/%05d.png")).kind, FileKind::kPng);
  EXPECT_EQ(choose_format(request("f/%05d.exr")).kind, FileKind::kExr);
}

TEST(OutputFormat, TakesTheOtherCodecOfAnEnding) {
  FormatRequest wanted = request("a.mp4");
  wanted.codec = "h265";
  EXPECT_EQ(choose_format(wanted).encoder, "libx265");
  wanted.codec = "prores";
  EXPECT_THAT(error_of([&] { choose_format(wanted); }).what(), HasSubstr("h264 h265"));
}

TEST(OutputFormat, RefusesAlphaWhereThereIsNoneAndNamesWhatWorks) {
  const Error error = error_of([] { choose_format(request("a.mp4", Content::kColourAndAlpha)); });
  EXPECT_EQ(error.code(), WF_NOT_SUPPORTED);
  for (const char* text : {"H.264 in MP4", ".mov", ".webm", ".mkv", "%05d.png"}) {
    EXPECT_THAT(error.what(), HasSubstr(text));
  }
}

TEST(OutputFormat, RefusesAnEndingThatIsNotInTheTable) {
  EXPECT_THAT(error_of([] { choose_format(request("a.avi")); }).what(),
              HasSubstr(".mp4 .mov .webm"));
}

TEST(OutputFormat, WarnsWhereAPlayerMayFailOrBitsAreLost) {
  FormatRequest wanted = request("a.mp4");
  wanted.width = 161;
  EXPECT_EQ(choose_format(wanted).pixel_format, "yuv444p");
  EXPECT_EQ(choose_format(wanted).warnings.size(), 1u);
  wanted.width = 160;
  wanted.sixteen_bit = true;
  EXPECT_EQ(choose_format(wanted).warnings.size(), 1u);
  wanted.path = "a.mkv";
  EXPECT_TRUE(choose_format(wanted).warnings.empty());
}

TEST(SequencePattern, IsReadAndFilled) {
  EXPECT_EQ(SequencePattern::parse("f/a_%04d.png").path(12), "f/a_0012.png");
  EXPECT_EQ(SequencePattern::parse("f/%d.png").path(12345), "f/12345.png");
  EXPECT_EQ(SequencePattern::parse("100%%/%2d.png").path(3), "100%/03.png");
  for (const char* wrong : {"a.png", "a%s.png", "%d_%d.png", "a%"}) {
    EXPECT_EQ(error_of([&] { SequencePattern::parse(wrong); }).code(), WF_INVALID_ARGUMENT)
        << wrong;
  }
}

}  // namespace
}  // namespace workflow::video
