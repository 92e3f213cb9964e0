// Image files to and from images. The only module that knows OpenCV; no type of it shows here.
#ifndef WORKFLOW_MEDIA_IMAGE_FILE_HPP
#define WORKFLOW_MEDIA_IMAGE_FILE_HPP

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "workflow/image.hpp"

namespace workflow::media {

// Largest image file that is read, and largest picture: what the header says is compared with these
// before a pixel is allocated.
constexpr std::uint64_t kMaximumFileBytes = std::uint64_t{1} << 30;
constexpr std::uint32_t kMaximumSide = 16384;
constexpr std::uint64_t kMaximumPixels = 128'000'000;

// Reads PNG, JPEG, BMP, WebP or TIFF: 8 or 16 bit, grey, BGR or BGRA as the file has them (grey with
// alpha becomes BGRA, a palette BGR), turned upright as its EXIF orientation says. Any thread.
// Throws Error: WF_READ_FAILED for a file that is missing, a folder, not readable, empty, not an
// image, truncated or damaged; WF_TOO_LARGE beyond the limits above.
Image read_image(const std::string& path);

// The same from memory; name stands for the file in error texts ("https://...").
Image decode_image(const std::uint8_t* bytes, std::size_t size_bytes, const std::string& name);

// Writes PNG, JPEG, BMP, WebP or TIFF by the ending of path, atomically. Any WF_FORMAT_*. JPEG
// (quality 95), BMP and WebP take 8 bit only; JPEG has no alpha. Throws Error: WF_NOT_SUPPORTED for
// an ending or a combination that cannot be written, WF_BAD_IMAGE, WF_WRITE_FAILED.
void write_image(const std::string& path, const wf_image& image);

// The bytes of a file. PNG keeps 16 bit and alpha; JPEG takes 8 bit grey or colour, quality 1..100.
std::vector<std::uint8_t> encode_png(const wf_image& image);
std::vector<std::uint8_t> encode_jpeg(const wf_image& image, int quality);

}  // namespace workflow::media

#endif  // WORKFLOW_MEDIA_IMAGE_FILE_HPP
