// Pictures in memory: descriptors of somebody's pixels, and one type that owns pixels.
#ifndef INFER_BACKGROUND_MATTING_IMAGE_HPP
#define INFER_BACKGROUND_MATTING_IMAGE_HPP

#include <cstddef>
#include <cstdint>
#include <vector>

#include "infer_background_matting/export.hpp"

namespace matting {

// Channels in memory order, interleaved. 8: uint8_t, 16: uint16_t in native byte order. Colour is
// sRGB-encoded, alpha is straight. Values are those of WF_FORMAT_* in workflow/plugin_abi.h.
enum class PixelFormat : std::uint32_t {
  kNone = 0,
  kGray8 = 1,
  kRgb8 = 2,
  kBgr8 = 3,
  kRgba8 = 4,
  kBgra8 = 5,
  kGray16 = 6,
  kRgb16 = 7,
  kBgr16 = 8,
  kRgba16 = 9,
  kBgra16 = 10,
};

// 1, 3 or 4 channels; 1 or 2 bytes a channel. 0 for kNone or a value that is no PixelFormat.
MATTING_API int channel_count(PixelFormat format) noexcept;
MATTING_API int channel_bytes(PixelFormat format) noexcept;
inline int pixel_bytes(PixelFormat format) noexcept {
  return channel_count(format) * channel_bytes(format);
}

// "rgb8", "gray16", ...; "none" for anything else.
MATTING_API const char* format_name(PixelFormat format) noexcept;

// A picture to read. Borrowed: the pixels belong to the caller and are only read during the call
// that the view is passed to. data is the first pixel of the top row, aligned to channel_bytes;
// stride_bytes >= width * pixel_bytes. A default-made view is empty and means "not given".
struct ImageView {
  PixelFormat format = PixelFormat::kNone;
  int width = 0;
  int height = 0;
  std::ptrdiff_t stride_bytes = 0;
  const void* data = nullptr;
  // 0: unknown. Two views with one non-zero generation hold the same pixels, so that what was
  // derived from them (the plate's tensor) is kept between runs.
  std::uint64_t generation = 0;

  bool empty() const noexcept { return data == nullptr; }
  const std::uint8_t* row(int y) const noexcept {
    return static_cast<const std::uint8_t*>(data) + y * stride_bytes;
  }
};

// A picture to write. The same rules; an empty one means "do not compute".
struct MutableImageView {
  PixelFormat format = PixelFormat::kNone;
  int width = 0;
  int height = 0;
  std::ptrdiff_t stride_bytes = 0;
  void* data = nullptr;

  bool empty() const noexcept { return data == nullptr; }
  std::uint8_t* row(int y) const noexcept {
    return static_cast<std::uint8_t*>(data) + y * stride_bytes;
  }
  operator ImageView() const noexcept { return {format, width, height, stride_bytes, data, 0}; }
};

// Limits on every picture: what is larger is refused before anything is allocated for it.
constexpr int kMinimumSide = 16;     // pixels
constexpr int kMaximumSide = 16384;  // pixels
constexpr std::int64_t kMaximumPixels = 128'000'000;

// Throws Error: kBadImage for null data, an unknown format, a size below kMinimumSide, a stride
// shorter than a row or a misaligned pointer; kTooLarge beyond the limits. name says which picture
// the text is about ("plate").
MATTING_API void check_view(const ImageView& view, const char* name);

// A picture that owns its pixels: rows without padding, zeroed.
class MATTING_API Image {
 public:
  Image() = default;
  // Throws Error kBadImage or kTooLarge like check_view, without the lower limit of 16 pixels.
  Image(int width, int height, PixelFormat format);

  bool empty() const noexcept { return pixels_.empty(); }
  int width() const noexcept { return width_; }
  int height() const noexcept { return height_; }
  PixelFormat format() const noexcept { return format_; }
  ImageView view() const noexcept;
  MutableImageView mutable_view() noexcept;

 private:
  PixelFormat format_ = PixelFormat::kNone;
  int width_ = 0;
  int height_ = 0;
  std::vector<std::uint8_t> pixels_;
};

}  // namespace matting

#endif  // INFER_BACKGROUND_MATTING_IMAGE_HPP
