// What an image file says about itself, read without decoding it.
#ifndef WORKFLOW_MEDIA_IMAGE_HEADER_HPP
#define WORKFLOW_MEDIA_IMAGE_HEADER_HPP

#include <cstdint>
#include <optional>
#include <string>

#include "media/byte_reader.hpp"

namespace workflow::media {

struct ImageHeader {
  const char* kind = "";     // "PNG", "JPEG", "BMP", "WebP", "TIFF"
  std::uint32_t width = 0;   // pixels, as stored (before an EXIF rotation)
  std::uint32_t height = 0;
  int orientation = 1;       // EXIF tag 274, 1..8; 1: upright. 1 for TIFF, whose decoder turns it
  std::string damage;        // empty, or what is missing: "it ends before ..."
};

// The header of a PNG, JPEG, BMP, WebP or TIFF file; nothing for other bytes. bytes is the whole
// file: its structure is followed to the end, so that a file which was cut off is told from a whole
// one (libjpeg and libpng, as OpenCV uses them, fill up what is missing without a word). A file whose
// header itself is incomplete has width 0 and a damage text.
std::optional<ImageHeader> read_header(const ByteReader& bytes);

// The same for one kind each; bytes begin with that kind's signature.
ImageHeader read_jpeg_header(const ByteReader& bytes);

// Orientation out of an EXIF block ("II*\0..." or "MM\0*..."); 1 when it says nothing sensible.
int exif_orientation(const ByteReader& exif);

// Width and height out of the first directory of a TIFF file; 0 where they are missing.
struct TiffSize {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
};
TiffSize tiff_size(const ByteReader& tiff);

}  // namespace workflow::media

#endif  // WORKFLOW_MEDIA_IMAGE_HEADER_HPP
