#include "media/image_header.hpp"

#include <cstdlib>

namespace workflow::media {
namespace {

// PNG specification (W3C), section 5: length, type, data, CRC; IHDR first, IEND last.
ImageHeader read_png_header(const ByteReader& bytes) {
  ImageHeader header;
  header.kind = "PNG";
  std::size_t offset = 8;
  while (const auto length = bytes.big(offset, 4)) {
    if (!bytes.has(offset + 8, std::size_t{*length} + 4)) break;
    if (bytes.matches(offset + 4, "IHDR")) {
      header.width = bytes.big(offset + 8, 4).value_or(0);
      header.height = bytes.big(offset + 12, 4).value_or(0);
    } else if (bytes.matches(offset + 4, "eXIf")) {
      header.orientation = exif_orientation(bytes.part(offset + 8, *length));
    } else if (bytes.matches(offset + 4, "IEND")) {
      return header;
    }
    offset += std::size_t{*length} + 12;
  }
  header.damage = "it ends before its IEND chunk";
  return header;
}

// File header of 14 bytes, then a core header (12 bytes) or one of the information headers.
ImageHeader read_bmp_header(const ByteReader& bytes) {
  ImageHeader header;
  header.kind = "BMP";
  const std::uint32_t header_size = bytes.little(14, 4).value_or(0);
  if (header_size == 12) {
    header.width = bytes.little(18, 2).value_or(0);
    header.height = bytes.little(20, 2).value_or(0);
  } else {
    const auto height = static_cast<std::int32_t>(bytes.little(22, 4).value_or(0));
    header.width = bytes.little(18, 4).value_or(0);
    header.height = static_cast<std::uint32_t>(std::llabs(std::int64_t{height}));
    const std::uint64_t row_bits =
        std::uint64_t{header.width} * bytes.little(28, 2).value_or(0);
    const std::uint64_t pixel_bytes = (row_bits + 31) / 32 * 4 * header.height;
    const bool compressed = bytes.little(30, 4).value_or(0) == 1 || bytes.little(30, 4) == 2;
    const std::uint64_t start = bytes.little(10, 4).value_or(0);
    if (!compressed && start + pixel_bytes > bytes.size()) {
      header.damage = "it has " + std::to_string(bytes.size()) + " bytes of " +
                      std::to_string(start + pixel_bytes);
    }
  }
  return header;
}

// Size of the frame in the first chunk: VP8 (RFC 6386, 9.1), VP8L (lossless), VP8X (extended).
void read_webp_size(const ByteReader& bytes, ImageHeader& header) {
  if (bytes.matches(12, "VP8 ")) {
    header.width = bytes.little(26, 2).value_or(0) & 0x3FFF;
    header.height = bytes.little(28, 2).value_or(0) & 0x3FFF;
  } else if (bytes.matches(12, "VP8L")) {
    const auto packed = bytes.little(21, 4);
    if (!packed) return;
    header.width = (*packed & 0x3FFF) + 1;
    header.height = (*packed >> 14 & 0x3FFF) + 1;
  } else if (bytes.matches(12, "VP8X") && bytes.has(24, 6)) {
    header.width = *bytes.little(24, 3) + 1;
    header.height = *bytes.little(27, 3) + 1;
  }
}

// RIFF container: chunks of type, length, data padded to an even length.
ImageHeader read_webp_header(const ByteReader& bytes) {
  ImageHeader header;
  header.kind = "WebP";
  read_webp_size(bytes, header);
  const std::size_t end = std::size_t{bytes.little(4, 4).value_or(0)} + 8;
  if (end > bytes.size()) {
    header.damage =
        "it has " + std::to_string(bytes.size()) + " bytes of " + std::to_string(end);
  }
  for (std::size_t offset = 12; offset < end;) {
    const auto length = bytes.little(offset + 4, 4);
    if (!length) break;
    if (bytes.matches(offset, "EXIF")) {
      const ByteReader exif = bytes.part(offset + 8, *length);
      header.orientation = exif_orientation(exif.matches(0, "Exif") ? exif.part(6, *length) : exif);
    }
    offset += 8 + std::size_t{*length} + (*length & 1);
  }
  return header;
}

ImageHeader read_tiff_header(const ByteReader& bytes) {
  const TiffSize size = tiff_size(bytes);
  ImageHeader header;
  header.kind = "TIFF";
  header.width = size.width;
  header.height = size.height;
  return header;
}

std::optional<ImageHeader> read_by_signature(const ByteReader& bytes) {
  if (bytes.matches(0, "\x89PNG\r\n\x1a\n")) return read_png_header(bytes);
  if (bytes.matches(0, "\xFF\xD8\xFF")) return read_jpeg_header(bytes);
  if (bytes.matches(0, "BM") && bytes.size() >= 26) return read_bmp_header(bytes);
  if (bytes.matches(0, "RIFF") && bytes.matches(8, "WEBP")) return read_webp_header(bytes);
  const bool little_tiff = bytes.little(0, 4) == 0x002A4949u;
  const bool big_tiff = bytes.big(0, 4) == 0x4D4D002Au;
  if (little_tiff || big_tiff) return read_tiff_header(bytes);
  return std::nullopt;
}

}  // namespace

std::optional<ImageHeader> read_header(const ByteReader& bytes) {
  std::optional<ImageHeader> header = read_by_signature(bytes);
  const bool no_size = header && (header->width == 0 || header->height == 0);
  if (no_size && header->damage.empty()) header->damage = "its header gives no size";
  return header;
}

}  // namespace workflow::media
