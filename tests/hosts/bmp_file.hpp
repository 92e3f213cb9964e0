// Picture files without a library: a test that loads and unloads modules must not hold their
// libraries itself.
#ifndef TESTS_HOSTS_BMP_FILE_HPP
#define TESTS_HOSTS_BMP_FILE_HPP

#include <array>
#include <cstdint>
#include <fstream>
#include <string>

using Color = std::array<std::uint8_t, 3>;  // red, green, blue

// A wall with a faint pattern, so that the network has something to compare.
inline Color wall_color(int x, int y) {
  return {static_cast<std::uint8_t>(90 + x % 7), static_cast<std::uint8_t>(120 + y % 5), 100};
}

// Writes width x height pixels of pixel(x, y) as 24-bit BMP.
template <typename Pixel>
void write_bmp(const std::string& path, int width, int height, Pixel pixel) {
  const std::uint32_t row_bytes = (3u * static_cast<std::uint32_t>(width) + 3) / 4 * 4;
  const std::uint32_t pixel_bytes = row_bytes * static_cast<std::uint32_t>(height);
  std::string file = "BM";
  const auto put = [&file](std::uint32_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) file += static_cast<char>(value >> (8 * i));
  };
  constexpr std::uint32_t kHeaderBytes = 54;
  put(kHeaderBytes + pixel_bytes, 4);
  put(0, 4);
  put(kHeaderBytes, 4);
  put(40, 4);  // BITMAPINFOHEADER
  put(static_cast<std::uint32_t>(width), 4);
  put(static_cast<std::uint32_t>(height), 4);  // positive: the bottom row comes first
  put(1, 2);
  put(24, 2);
  put(0, 4);  // not compressed
  put(pixel_bytes, 4);
  for (int i = 0; i < 4; ++i) put(0, 4);
  for (int y = height - 1; y >= 0; --y) {
    for (int x = 0; x < width; ++x) {
      const Color color = pixel(x, y);
      for (int c = 2; c >= 0; --c) put(color[static_cast<std::size_t>(c)], 1);
    }
    file.append(row_bytes - 3u * static_cast<std::uint32_t>(width), '\0');
  }
  std::ofstream(path, std::ios::binary) << file;
}

#endif  // TESTS_HOSTS_BMP_FILE_HPP
