#include "infer_background_matting/image.hpp"

#include <string>

#include "infer_background_matting/error.hpp"

namespace matting {
namespace {

struct FormatFacts {
  const char* name;
  int channels;
  int bytes;
};

constexpr FormatFacts kFacts[] = {
    {"none", 0, 0},  {"gray8", 1, 1},  {"rgb8", 3, 1},   {"bgr8", 3, 1},
    {"rgba8", 4, 1}, {"bgra8", 4, 1},  {"gray16", 1, 2}, {"rgb16", 3, 2},
    {"bgr16", 3, 2}, {"rgba16", 4, 2}, {"bgra16", 4, 2},
};

const FormatFacts& facts(PixelFormat format) noexcept {
  const auto index = static_cast<std::uint32_t>(format);
  return kFacts[index < std::size(kFacts) ? index : 0];
}

std::string size_text(std::int64_t width, std::int64_t height) {
  return std::to_string(width) + "x" + std::to_string(height);
}

void check_size(int width, int height, int minimum_side, const char* name) {
  if (width < minimum_side || height < minimum_side) {
    throw Error(ErrorCode::kBadImage, std::string(name) + " is " + size_text(width, height) +
                                          " pixels: wanted at least " +
                                          size_text(minimum_side, minimum_side));
  }
  if (width > kMaximumSide || height > kMaximumSide ||
      std::int64_t{width} * height > kMaximumPixels) {
    throw Error(ErrorCode::kTooLarge, std::string(name) + " is " + size_text(width, height) +
                                          " pixels: wanted at most " +
                                          std::to_string(kMaximumSide) + " a side and " +
                                          std::to_string(kMaximumPixels / 1'000'000) +
                                          " megapixels; scale it down first");
  }
}

}  // namespace

int channel_count(PixelFormat format) noexcept {
  return facts(format).channels;
}
int channel_bytes(PixelFormat format) noexcept {
  return facts(format).bytes;
}
const char* format_name(PixelFormat format) noexcept {
  return facts(format).name;
}

void check_view(const ImageView& view, const char* name) {
  if (view.data == nullptr) {
    throw Error(ErrorCode::kBadImage, std::string(name) + " has no pixels: wanted a data pointer");
  }
  if (channel_count(view.format) == 0) {
    throw Error(ErrorCode::kBadImage,
                std::string(name) + " has format number " +
                    std::to_string(static_cast<std::uint32_t>(view.format)) +
                    ": wanted grey, RGB, BGR, RGBA or BGRA with 8 or 16 bits");
  }
  check_size(view.width, view.height, kMinimumSide, name);
  const std::ptrdiff_t row_bytes = std::ptrdiff_t{view.width} * pixel_bytes(view.format);
  if (view.stride_bytes < row_bytes) {
    throw Error(ErrorCode::kBadImage,
                std::string(name) + " has a stride of " + std::to_string(view.stride_bytes) +
                    " bytes: wanted at least " + std::to_string(row_bytes) + " for " +
                    std::to_string(view.width) + " pixels of " + format_name(view.format));
  }
  const auto alignment = static_cast<std::uintptr_t>(channel_bytes(view.format));
  if (reinterpret_cast<std::uintptr_t>(view.data) % alignment != 0 ||
      static_cast<std::uintptr_t>(view.stride_bytes) % alignment != 0) {
    throw Error(
        ErrorCode::kBadImage,
        std::string(name) + " is misaligned: 16-bit pixels need an even address and stride");
  }
}

Image::Image(int width, int height, PixelFormat format)
    : format_(format), width_(width), height_(height) {
  if (pixel_bytes(format) == 0) throw Error(ErrorCode::kBadImage, "an image needs a pixel format");
  check_size(width, height, 1, "image");
  pixels_.resize(static_cast<std::size_t>(width) * height * pixel_bytes(format));
}

ImageView Image::view() const noexcept {
  return {format_,        width_, height_, std::ptrdiff_t{width_} * pixel_bytes(format_),
          pixels_.data(), 0};
}

MutableImageView Image::mutable_view() noexcept {
  return {format_, width_, height_, std::ptrdiff_t{width_} * pixel_bytes(format_), pixels_.data()};
}

}  // namespace matting
