#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "error_of.hpp"
#include "files/atomic_file.hpp"
#include "files/read_file.hpp"
#include "media/image_file.hpp"
#include "pattern.hpp"
#include "temporary_folder.hpp"

namespace workflow::media {
namespace {

using ::testing::HasSubstr;
using Bytes = std::vector<std::uint8_t>;

Error failure_of(const Bytes& bytes) {
  return error_of([&] { decode_image(bytes.data(), bytes.size(), "picture"); });
}

Bytes bytes_of_file(const char* ending, const Image& image) {
  const TemporaryFolder folder;
  const std::string path = folder.file(std::string("a") + ending);
  write_image(path, image.view());
  return files::read_file(path, 1 << 24);
}

// An EXIF block with nothing but the orientation (EXIF 2.3, 4.6).
Bytes exif_with(int orientation) {
  return {'I', 'I', '*', 0, 8, 0, 0, 0, 1, 0,
          0x12, 0x01, 3, 0, 1, 0, 0, 0, static_cast<std::uint8_t>(orientation), 0, 0, 0, 0, 0, 0, 0};
}

// A JPEG file, turned as orientation says, of a picture that is dark but for its first quarter.
Bytes jpeg_with(int orientation, std::uint32_t width, std::uint32_t height) {
  Image image(width, height, WF_FORMAT_GRAY8);
  for (std::uint32_t y = 0; y < height / 2; ++y) {
    for (std::uint32_t x = 0; x < width / 2; ++x) image.row(y)[x] = 255;
  }
  Bytes bytes = encode_jpeg(image.view(), 95);
  Bytes segment = {0xFF, 0xE1, 0, 0, 'E', 'x', 'i', 'f', 0, 0};
  const Bytes exif = exif_with(orientation);
  segment.insert(segment.end(), exif.begin(), exif.end());
  segment[3] = static_cast<std::uint8_t>(segment.size() - 2);
  bytes.insert(bytes.begin() + 2, segment.begin(), segment.end());
  return bytes;
}

TEST(DecodeImage, TurnsByTheExifOrientation) {
  // Where the bright quarter ends up: right, bottom.
  const struct {
    int orientation;
    bool turned, right, bottom;
  } cases[] = {{1, false, false, false}, {2, false, true, false}, {3, false, true, true},
               {4, false, false, true},  {5, true, false, false}, {6, true, true, false},
               {7, true, true, true},    {8, true, false, true}};
  for (const auto& wanted : cases) {
    const Bytes bytes = jpeg_with(wanted.orientation, 64, 32);
    const Image image = decode_image(bytes.data(), bytes.size(), "picture");
    EXPECT_EQ(image.width(), wanted.turned ? 32u : 64u) << wanted.orientation;
    const std::uint32_t x = image.width() * (wanted.right ? 3 : 1) / 4;
    const std::uint32_t y = image.height() * (wanted.bottom ? 3 : 1) / 4;
    EXPECT_GT(image.row(y)[x], 200) << wanted.orientation;
    EXPECT_LT(image.row(image.height() - 1 - y)[image.width() - 1 - x], 50) << wanted.orientation;
  }
}

TEST(DecodeImage, RefusesEveryTruncation) {
  const Image image = pattern(61, 47, WF_FORMAT_BGR8);
  for (const char* ending : {".png", ".jpg", ".bmp", ".webp", ".tif"}) {
    const Bytes whole = bytes_of_file(ending, image);
    ASSERT_EQ(decode_image(whole.data(), whole.size(), "picture").width(), 61u) << ending;
    for (std::size_t size = 1; size < whole.size(); size += 1 + size / 16) {
      const Error error = failure_of(Bytes(whole.begin(), whole.begin() + size));
      EXPECT_EQ(error.code(), WF_READ_FAILED) << ending << " of " << size << " bytes";
    }
  }
}

TEST(DecodeImage, SaysThatAFileIsCutOff) {
  for (const char* ending : {".png", ".jpg"}) {
    Bytes bytes = bytes_of_file(ending, pattern(61, 47, WF_FORMAT_BGR8));
    bytes.resize(bytes.size() - 5);
    const Error error = failure_of(bytes);
    EXPECT_THAT(error.what(), HasSubstr("picture"));
    EXPECT_THAT(error.what(), HasSubstr("damaged or cut off"));
    EXPECT_THAT(error.what(), HasSubstr("get the file again"));
  }
}

TEST(DecodeImage, FindsADamagedPng) {
  Bytes bytes = encode_png(pattern(61, 47, WF_FORMAT_BGR8).view());
  bytes[bytes.size() / 2] ^= 0x10;
  EXPECT_EQ(failure_of(bytes).code(), WF_READ_FAILED);
}

TEST(DecodeImage, RefusesHugeSizesFromTheHeader) {
  Bytes bytes = encode_png(pattern(20, 10, WF_FORMAT_BGR8).view());
  const auto set_size = [&](std::uint32_t width, std::uint32_t height) {
    for (int i = 0; i < 4; ++i) {
      bytes[16 + i] = static_cast<std::uint8_t>(width >> (24 - 8 * i));
      bytes[20 + i] = static_cast<std::uint8_t>(height >> (24 - 8 * i));
    }
  };
  set_size(16385, 10);
  EXPECT_EQ(failure_of(bytes).code(), WF_TOO_LARGE);
  EXPECT_THAT(failure_of(bytes).what(), HasSubstr("16385x10"));
  set_size(12000, 12000);
  EXPECT_THAT(failure_of(bytes).what(), HasSubstr("128 megapixels"));
  set_size(0xFFFFFFFF, 0xFFFFFFFF);
  EXPECT_EQ(failure_of(bytes).code(), WF_TOO_LARGE);
  set_size(0, 10);
  EXPECT_THAT(failure_of(bytes).what(), HasSubstr("gives no size"));
}

TEST(ReadImage, TellsItsFailuresApart) {
  const TemporaryFolder folder;
  files::write_file(folder.file("empty.png"), "");
  files::write_file(folder.file("text.png"), "just some text");
  const auto text_of = [&](const std::string& path) -> std::string {
    const Error error = error_of([&] { read_image(path); });
    EXPECT_EQ(error.code(), WF_READ_FAILED);
    EXPECT_THAT(error.what(), HasSubstr(path));
    return error.what();
  };
  EXPECT_THAT(text_of(folder.file("none.png")), HasSubstr("no such file"));
  EXPECT_THAT(text_of(folder.path()), HasSubstr("is a folder"));
  EXPECT_THAT(text_of(folder.file("empty.png")), HasSubstr("is empty"));
  EXPECT_THAT(text_of(folder.file("text.png")), HasSubstr("not an image; wanted PNG"));
}

}  // namespace
}  // namespace workflow::media
