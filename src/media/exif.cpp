// TIFF 6.0, section 2: a directory is a count and entries of tag, type, count, value, 12 bytes each.
// EXIF 2.3, section 4.5: the block in other files is a TIFF of its own.
#include "media/image_header.hpp"

namespace workflow::media {
namespace {

constexpr std::uint32_t kWidthTag = 256, kHeightTag = 257, kOrientationTag = 274;
constexpr std::uint32_t kShortType = 3, kLongType = 4;

class TiffDirectory {
 public:
  explicit TiffDirectory(const ByteReader& bytes)
      : bytes_(bytes), big_endian_(bytes.matches(0, "MM")) {}

  // The first value of tag in the first directory; 0 if it is not there or no whole number.
  std::uint32_t value(std::uint32_t tag) const {
    const std::size_t start = number(4, 4);
    const std::uint32_t entries = start < 8 ? 0 : number(start, 2);
    for (std::uint32_t i = 0; i < entries; ++i) {
      const std::size_t entry = start + 2 + std::size_t{12} * i;
      if (!bytes_.has(entry, 12)) return 0;
      if (number(entry, 2) != tag) continue;
      const std::uint32_t type = number(entry + 2, 2);
      return type == kShortType ? number(entry + 8, 2) : type == kLongType ? number(entry + 8, 4) : 0;
    }
    return 0;
  }

 private:
  std::uint32_t number(std::size_t offset, int count) const {
    const auto found = big_endian_ ? bytes_.big(offset, count) : bytes_.little(offset, count);
    return found.value_or(0);
  }

  ByteReader bytes_;
  bool big_endian_;
};

}  // namespace

int exif_orientation(const ByteReader& exif) {
  if (!exif.matches(0, "II*") && !exif.matches(0, "MM")) return 1;
  const std::uint32_t value = TiffDirectory(exif).value(kOrientationTag);
  return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
}

TiffSize tiff_size(const ByteReader& tiff) {
  const TiffDirectory directory(tiff);
  return {directory.value(kWidthTag), directory.value(kHeightTag)};
}

}  // namespace workflow::media
