#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "error_of.hpp"
#include "media/image_file.hpp"
#include "pattern.hpp"
#include "temporary_folder.hpp"

namespace workflow::media {
namespace {

using ::testing::HasSubstr;

class EveryFormat : public ::testing::TestWithParam<std::pair<wf_format, wf_format>> {};

TEST_P(EveryFormat, SurvivesPng) {
  const auto [format, read_as] = GetParam();
  const Image image = pattern(37, 5, format);
  const auto bytes = encode_png(image.view());
  const Image again = decode_image(bytes.data(), bytes.size(), "picture");
  EXPECT_EQ(again.format(), read_as) << format_name(again.format());
  // Written once more it is the same picture, also where red and blue were swapped on the way.
  EXPECT_EQ(encode_png(again.view()), bytes);
  if (format == read_as) {
    EXPECT_TRUE(equal_pixels(image, again));
  }
}

INSTANTIATE_TEST_SUITE_P(Formats, EveryFormat,
                         ::testing::Values(std::pair{WF_FORMAT_GRAY8, WF_FORMAT_GRAY8},
                                           std::pair{WF_FORMAT_BGR8, WF_FORMAT_BGR8},
                                           std::pair{WF_FORMAT_RGB8, WF_FORMAT_BGR8},
                                           std::pair{WF_FORMAT_BGRA8, WF_FORMAT_BGRA8},
                                           std::pair{WF_FORMAT_RGBA8, WF_FORMAT_BGRA8},
                                           std::pair{WF_FORMAT_GRAY16, WF_FORMAT_GRAY16},
                                           std::pair{WF_FORMAT_BGR16, WF_FORMAT_BGR16},
                                           std::pair{WF_FORMAT_RGB16, WF_FORMAT_BGR16},
                                           std::pair{WF_FORMAT_BGRA16, WF_FORMAT_BGRA16},
                                           std::pair{WF_FORMAT_RGBA16, WF_FORMAT_BGRA16}));

TEST(EncodePng, SwapsRedAndBlueOfRgb) {
  Image image(1, 1, WF_FORMAT_RGB8);
  image.row(0)[0] = 200;
  const auto bytes = encode_png(image.view());
  EXPECT_EQ(decode_image(bytes.data(), bytes.size(), "picture").row(0)[2], 200);
}

TEST(WriteImage, WritesEveryEnding) {
  const TemporaryFolder folder;
  const Image image = pattern(20, 10, WF_FORMAT_BGR8);
  for (const char* name : {"a.png", "a.jpg", "a.jpeg", "a.bmp", "a.webp", "a.tif", "a.TIFF"}) {
    write_image(folder.file(name), image.view());
    EXPECT_EQ(read_image(folder.file(name)).width(), 20u) << name;
  }
  EXPECT_EQ(folder.count(), 7);
  const Image deep = pattern(20, 10, WF_FORMAT_BGRA16);
  write_image(folder.file("deep.tif"), deep.view());
  EXPECT_TRUE(equal_pixels(read_image(folder.file("deep.tif")), deep));
}

TEST(WriteImage, RefusesWhatAFileCannotHold) {
  const TemporaryFolder folder;
  const auto failure = [&](const char* name, wf_format format) {
    const Image image = pattern(20, 10, format);
    return error_of([&] { write_image(folder.file(name), image.view()); });
  };
  EXPECT_THAT(failure("a.jpg", WF_FORMAT_BGR16).what(), HasSubstr("cannot hold bgr16; use .png"));
  EXPECT_THAT(failure("a.jpg", WF_FORMAT_BGRA8).what(), HasSubstr("cannot hold bgra8"));
  EXPECT_EQ(failure("a.webp", WF_FORMAT_GRAY16).code(), WF_NOT_SUPPORTED);
  EXPECT_THAT(failure("a.gif", WF_FORMAT_BGR8).what(), HasSubstr("'.gif' is not one of .png"));
  EXPECT_EQ(failure("none/a.png", WF_FORMAT_BGR8).code(), WF_WRITE_FAILED);
  EXPECT_EQ(error_of([&] { encode_png(Image().view()); }).code(), WF_BAD_IMAGE);
  EXPECT_EQ(error_of([&] { encode_jpeg(pattern(2, 2, WF_FORMAT_BGR8).view(), 0); }).code(),
            WF_INVALID_ARGUMENT);
  EXPECT_EQ(folder.count(), 0);
}

}  // namespace
}  // namespace workflow::media
