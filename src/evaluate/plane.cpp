#include "evaluate/plane.hpp"

#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>

namespace matting {
namespace {

// How to read one pixel of a WF_FORMAT_*.
struct Layout {
  int channels;
  bool wide;  // 16 bit
  bool bgr;
};

Layout layout_of(wf_format format) {
  switch (format) {
    case WF_FORMAT_GRAY8:
      return {1, false, false};
    case WF_FORMAT_RGB8:
      return {3, false, false};
    case WF_FORMAT_BGR8:
      return {3, false, true};
    case WF_FORMAT_RGBA8:
      return {4, false, false};
    case WF_FORMAT_BGRA8:
      return {4, false, true};
    case WF_FORMAT_GRAY16:
      return {1, true, false};
    case WF_FORMAT_RGB16:
      return {3, true, false};
    case WF_FORMAT_BGR16:
      return {3, true, true};
    case WF_FORMAT_RGBA16:
      return {4, true, false};
    case WF_FORMAT_BGRA16:
      return {4, true, true};
    default:
      throw std::invalid_argument("an image of format number " + std::to_string(format) +
                                  " cannot be measured");
  }
}

float channel_value(const std::uint8_t* row, int index, bool wide) {
  if (!wide) return static_cast<float>(row[index]) / 255.0f;
  std::uint16_t value;
  std::memcpy(&value, row + 2 * index, sizeof(value));
  return static_cast<float>(value) / 65535.0f;
}

const std::uint8_t* row_of(const wf_image& image, int y) {
  return static_cast<const std::uint8_t*>(image.data) + y * image.stride_bytes;
}

}  // namespace

Plane alpha_plane(const wf_image& image) {
  const Layout layout = layout_of(image.format);
  Plane plane(static_cast<int>(image.width), static_cast<int>(image.height));
  for (int y = 0; y < plane.height; ++y) {
    const std::uint8_t* row = row_of(image, y);
    for (int x = 0; x < plane.width; ++x) {
      const int pixel = x * layout.channels;
      const auto value = [&](int channel) {
        return channel_value(row, pixel + channel, layout.wide);
      };
      plane.at(x, y) = layout.channels == 1   ? value(0)
                       : layout.channels == 4 ? value(3)
                                              : (value(0) + value(1) + value(2)) / 3;
    }
  }
  return plane;
}

Plane colour_plane(const wf_image& image) {
  const Layout layout = layout_of(image.format);
  Plane plane(static_cast<int>(image.width), static_cast<int>(image.height), 3);
  for (int y = 0; y < plane.height; ++y) {
    const std::uint8_t* row = row_of(image, y);
    for (int x = 0; x < plane.width; ++x) {
      for (int channel = 0; channel < 3; ++channel) {
        const int stored = layout.channels == 1 ? 0 : layout.bgr ? 2 - channel : channel;
        plane.at(x, y, channel) = channel_value(row, x * layout.channels + stored, layout.wide);
      }
    }
  }
  return plane;
}

}  // namespace matting
