#include "media/image_header.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "files/read_file.hpp"
#include "media/image_file.hpp"
#include "pattern.hpp"
#include "temporary_folder.hpp"

namespace workflow::media {
namespace {

std::vector<std::uint8_t> file_bytes(const std::string& name) {
  const TemporaryFolder folder;
  write_image(folder.file(name), pattern(61, 47, WF_FORMAT_BGR8).view());
  return files::read_file(folder.file(name), 1 << 24);
}

TEST(ReadHeader, GivesKindAndSize) {
  for (const auto& [name, kind] : {std::pair{"a.png", "PNG"}, {"a.jpg", "JPEG"}, {"a.bmp", "BMP"},
                                   {"a.webp", "WebP"}, {"a.tif", "TIFF"}}) {
    const auto bytes = file_bytes(name);
    const auto header = read_header(ByteReader(bytes.data(), bytes.size()));
    ASSERT_TRUE(header) << name;
    EXPECT_STREQ(header->kind, kind);
    EXPECT_EQ(header->width, 61u) << name;
    EXPECT_EQ(header->height, 47u) << name;
    EXPECT_EQ(header->damage, "") << name;
  }
}

// A header may say anything: every read stays inside (checked by the address sanitizer), and it ends.
TEST(ReadHeader, SurvivesAnyByteAnywhere) {
  for (const char* name : {"a.png", "a.jpg", "a.bmp", "a.webp", "a.tif"}) {
    const auto bytes = file_bytes(name);
    for (std::size_t i = 0; i < std::min<std::size_t>(bytes.size(), 400); ++i) {
      for (const int value : {0, 1, 0x7F, 0x80, 0xFF}) {
        // A fresh allocation of exactly this size, so that reading beyond it is seen.
        std::vector<std::uint8_t> changed(bytes);
        changed[i] = static_cast<std::uint8_t>(value);
        const auto header = read_header(ByteReader(changed.data(), changed.size()));
        if (header) {
          EXPECT_GE(header->orientation, 1);
          EXPECT_LE(header->orientation, 8);
        }
      }
    }
  }
}

TEST(ReadHeader, KnowsNothingOfOtherBytes) {
  const std::uint8_t text[] = "GIF89a and so on";
  EXPECT_FALSE(read_header(ByteReader(text, sizeof(text))));
  EXPECT_FALSE(read_header(ByteReader(text, 0)));
}

TEST(ExifOrientation, ReadsBothByteOrdersAndDoubtsTheRest) {
  std::uint8_t little[] = {'I', 'I', '*', 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0};
  std::uint8_t big[] = {'M', 'M', 0, '*', 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 8, 0, 0};
  EXPECT_EQ(exif_orientation(ByteReader(little, sizeof(little))), 6);
  EXPECT_EQ(exif_orientation(ByteReader(big, sizeof(big))), 8);
  little[18] = 9;
  EXPECT_EQ(exif_orientation(ByteReader(little, sizeof(little))), 1);
  little[4] = 200;
  EXPECT_EQ(exif_orientation(ByteReader(little, sizeof(little))), 1);
  EXPECT_EQ(exif_orientation(ByteReader(big, 3)), 1);
}

}  // namespace
}  // namespace workflow::media
