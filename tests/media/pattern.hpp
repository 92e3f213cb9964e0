// Pictures whose every pixel differs from its neighbours, and comparison of pixels.
#ifndef TESTS_MEDIA_PATTERN_HPP
#define TESTS_MEDIA_PATTERN_HPP

#include <cstring>

#include "workflow/image.hpp"

namespace workflow {

inline Image pattern(std::uint32_t width, std::uint32_t height, wf_format format) {
  Image image(width, height, format);
  const std::size_t row_bytes = width * static_cast<std::size_t>(pixel_bytes(format));
  for (std::uint32_t y = 0; y < height; ++y) {
    for (std::size_t i = 0; i < row_bytes; ++i) {
      image.row(y)[i] = static_cast<std::uint8_t>(i * 7 + y * 31 + i * y);
    }
  }
  return image;
}

inline bool equal_pixels(const Image& a, const Image& b) {
  if (a.width() != b.width() || a.height() != b.height() || a.format() != b.format()) return false;
  const std::size_t row_bytes = a.width() * static_cast<std::size_t>(pixel_bytes(a.format()));
  for (std::uint32_t y = 0; y < a.height(); ++y) {
    if (std::memcmp(a.row(y), b.row(y), row_bytes) != 0) return false;
  }
  return true;
}

}  // namespace workflow

#endif  // TESTS_MEDIA_PATTERN_HPP
