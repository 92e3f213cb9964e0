// ITU-T T.81, annex B: a JPEG file is a row of marker segments; each scan (SOS) is followed by
// entropy-coded bytes in which FF 00 stands for FF, and the last marker is EOI.
#include "media/image_header.hpp"

namespace workflow::media {
namespace {

constexpr std::uint32_t kEndOfImage = 0xD9, kStartOfScan = 0xDA, kApp1 = 0xE1;

bool is_frame_header(std::uint32_t marker) {
  return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

bool stands_alone(std::uint32_t marker) {
  return marker == 0x01 || (marker >= 0xD0 && marker <= 0xD8);
}

// Offset of the next marker's FF at or after offset; FF 00 and restart markers belong to the scan.
std::size_t skip_scan(const ByteReader& bytes, std::size_t offset) {
  for (;; ++offset) {
    const auto pair = bytes.big(offset, 2);
    if (!pair) return bytes.size();
    const std::uint32_t marker = *pair & 0xFF;
    const bool in_scan = marker == 0 || marker == 0xFF || (marker >= 0xD0 && marker <= 0xD7);
    if (*pair >> 8 == 0xFF && !in_scan) return offset;
  }
}

void read_segment(std::uint32_t marker, const ByteReader& segment, ImageHeader& header) {
  if (is_frame_header(marker) && header.width == 0) {
    header.height = segment.big(3, 2).value_or(0);
    header.width = segment.big(5, 2).value_or(0);
  } else if (marker == kApp1 && segment.has(2, 6) && segment.matches(2, "Exif")) {
    header.orientation = exif_orientation(segment.part(8, segment.size()));
  }
}

}  // namespace

ImageHeader read_jpeg_header(const ByteReader& bytes) {
  ImageHeader header;
  header.kind = "JPEG";
  std::size_t offset = 2;
  while (const auto pair = bytes.big(offset, 2)) {
    const std::uint32_t marker = *pair & 0xFF;
    if (*pair >> 8 != 0xFF) {
      header.damage = "a marker is missing at byte " + std::to_string(offset);
      return header;
    }
    if (marker == kEndOfImage) return header;
    if (marker == 0xFF) {  // fill byte
      ++offset;
      continue;
    }
    offset += 2;
    if (stands_alone(marker)) continue;
    const std::size_t length = bytes.big(offset, 2).value_or(0);
    if (length < 2 || !bytes.has(offset, length)) break;
    read_segment(marker, bytes.part(offset, length), header);
    offset += length;
    if (marker == kStartOfScan) offset = skip_scan(bytes, offset);
  }
  header.damage = "it ends before its end marker";
  return header;
}

}  // namespace workflow::media
