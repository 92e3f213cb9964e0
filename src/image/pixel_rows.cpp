#include "image/pixel_rows.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>

namespace matting {
namespace {

template <typename T>
constexpr float kFull = static_cast<float>(std::numeric_limits<T>::max());

bool is_blue_first(PixelFormat format) {
  return format == PixelFormat::kBgr8 || format == PixelFormat::kBgra8 ||
         format == PixelFormat::kBgr16 || format == PixelFormat::kBgra16;
}

template <typename T>
T to_level(float value) {
  return static_cast<T>(std::clamp(value, 0.0f, 1.0f) * kFull<T> + 0.5f);
}

template <typename T, int kChannels>
void read_channel(const T* src, int width, int channel, float* dst) {
  for (int x = 0; x < width; ++x) dst[x] = src[x * kChannels + channel] * (1.0f / kFull<T>);
}

template <typename T, int kChannels>
void read_colour(const ImageView& view, int y, const RgbRow& dst) {
  const T* src = reinterpret_cast<const T*>(view.row(y));
  const int red = kChannels == 1 ? 0 : (is_blue_first(view.format) ? 2 : 0);
  const int green = kChannels == 1 ? 0 : 1;
  const int blue = kChannels == 1 ? 0 : 2 - red;
  read_channel<T, kChannels>(src, view.width, red, dst.red);
  read_channel<T, kChannels>(src, view.width, green, dst.green);
  read_channel<T, kChannels>(src, view.width, blue, dst.blue);
}

template <typename T>
void read_colour(const ImageView& view, int y, const RgbRow& dst) {
  switch (channel_count(view.format)) {
    case 1:
      return read_colour<T, 1>(view, y, dst);
    case 3:
      return read_colour<T, 3>(view, y, dst);
    default:
      return read_colour<T, 4>(view, y, dst);
  }
}

template <typename T, int kChannels>
void write_colour(const MutableImageView& view, int y, const RgbRow& src, const float* alpha) {
  T* dst = reinterpret_cast<T*>(view.row(y));
  const bool swap = is_blue_first(view.format);
  const float* first = swap ? src.blue : src.red;
  const float* third = swap ? src.red : src.blue;
  for (int x = 0; x < view.width; ++x, dst += kChannels) {
    dst[0] = to_level<T>(first[x]);
    dst[1] = to_level<T>(src.green[x]);
    dst[2] = to_level<T>(third[x]);
    if (kChannels == 4) dst[3] = alpha ? to_level<T>(alpha[x]) : std::numeric_limits<T>::max();
  }
}

template <typename T>
void write_luma(const MutableImageView& view, int y, const RgbRow& src) {
  T* dst = reinterpret_cast<T*>(view.row(y));
  for (int x = 0; x < view.width; ++x) {
    dst[x] = to_level<T>(0.299f * src.red[x] + 0.587f * src.green[x] + 0.114f * src.blue[x]);
  }
}

template <typename T>
void write_any(const MutableImageView& view, int y, const RgbRow& src, const float* alpha) {
  switch (channel_count(view.format)) {
    case 1:
      return write_luma<T>(view, y, src);
    case 3:
      return write_colour<T, 3>(view, y, src, alpha);
    default:
      return write_colour<T, 4>(view, y, src, alpha);
  }
}

template <typename T>
void read_first(const ImageView& view, int y, float* dst) {
  const T* src = reinterpret_cast<const T*>(view.row(y));
  const int channels = channel_count(view.format);
  for (int x = 0; x < view.width; ++x) dst[x] = src[x * channels] * (1.0f / kFull<T>);
}

template <typename T>
void write_gray(const MutableImageView& view, int y, const float* src) {
  T* dst = reinterpret_cast<T*>(view.row(y));
  for (int x = 0; x < view.width; ++x) dst[x] = to_level<T>(src[x]);
}

}  // namespace

void read_rgb_row(const ImageView& view, int y, const RgbRow& dst) {
  if (channel_bytes(view.format) == 1) return read_colour<std::uint8_t>(view, y, dst);
  read_colour<std::uint16_t>(view, y, dst);
}

void read_first_channel_row(const ImageView& view, int y, float* dst) {
  if (channel_bytes(view.format) == 1) return read_first<std::uint8_t>(view, y, dst);
  read_first<std::uint16_t>(view, y, dst);
}

void write_rgb_row(const MutableImageView& view, int y, const RgbRow& src, const float* alpha) {
  if (channel_bytes(view.format) == 1) return write_any<std::uint8_t>(view, y, src, alpha);
  write_any<std::uint16_t>(view, y, src, alpha);
}

void write_gray_row(const MutableImageView& view, int y, const float* src) {
  if (channel_bytes(view.format) == 1) return write_gray<std::uint8_t>(view, y, src);
  write_gray<std::uint16_t>(view, y, src);
}

}  // namespace matting
