#include "workflow/image.hpp"

#include <atomic>
#include <cstdlib>
#include <iterator>
#include <string>

#include "workflow/error.hpp"

namespace workflow {
namespace {

struct FormatFacts {
  const char* name;
  int channels;
  int bytes;
  bool blue_first;
};

// Index: WF_FORMAT_*.
constexpr FormatFacts kFacts[] = {
    {"none", 0, 0, false},   {"gray8", 1, 1, false}, {"rgb8", 3, 1, false},
    {"bgr8", 3, 1, true},    {"rgba8", 4, 1, false}, {"bgra8", 4, 1, true},
    {"gray16", 1, 2, false}, {"rgb16", 3, 2, false}, {"bgr16", 3, 2, true},
    {"rgba16", 4, 2, false}, {"bgra16", 4, 2, true},
};

constexpr std::uint32_t kMaximumSide = 16384;
constexpr std::uint64_t kMaximumPixels = 128'000'000;
constexpr std::size_t kRowAlignment = 64;  // bytes; a cache line, and the widest vector
constexpr std::size_t kImageSize10 = offsetof(wf_image, generation);

const FormatFacts& facts(wf_format format) noexcept {
  return kFacts[format < std::size(kFacts) ? format : 0];
}

std::string size_text(std::uint32_t width, std::uint32_t height) {
  return std::to_string(width) + "x" + std::to_string(height);
}

void check_format_and_size(std::uint32_t width, std::uint32_t height, wf_format format) {
  if (pixel_bytes(format) == 0) {
    throw Error(WF_BAD_IMAGE, "an image has format number " + std::to_string(format) +
                                  ": wanted one of WF_FORMAT_* (1 to 10)");
  }
  if (width == 0 || height == 0) {
    throw Error(WF_BAD_IMAGE,
                "an image is " + size_text(width, height) + " pixels: wanted at least 1x1");
  }
  if (width > kMaximumSide || height > kMaximumSide ||
      std::uint64_t{width} * height > kMaximumPixels) {
    throw Error(WF_TOO_LARGE, "an image is " + size_text(width, height) +
                                  " pixels: wanted at most 16384 a side and 128 megapixels; scale "
                                  "it down first");
  }
}

void check_layout(const wf_image& view) {
  const std::int64_t row_bytes = std::int64_t{view.width} * pixel_bytes(view.format);
  if (view.stride_bytes < row_bytes) {
    throw Error(WF_BAD_IMAGE, "an image has a stride of " + std::to_string(view.stride_bytes) +
                                  " bytes: wanted at least " + std::to_string(row_bytes) + " for " +
                                  std::to_string(view.width) + " pixels of " +
                                  format_name(view.format));
  }
  const auto alignment = static_cast<std::uintptr_t>(channel_bytes(view.format));
  if (reinterpret_cast<std::uintptr_t>(view.data) % alignment != 0 ||
      static_cast<std::uintptr_t>(view.stride_bytes) % alignment != 0) {
    throw Error(WF_BAD_IMAGE,
                "an image is misaligned: 16-bit pixels need an even address and stride");
  }
}

// Zeroed, aligned to kRowAlignment. calloc takes large blocks as zero pages from the system, which
// costs nothing until they are written.
std::shared_ptr<std::uint8_t> allocate(std::size_t size_bytes) {
  void* block = std::calloc(size_bytes + kRowAlignment - 1, 1);
  if (block == nullptr) {
    throw Error(WF_OUT_OF_MEMORY, "no memory for " + std::to_string(size_bytes) +
                                      " bytes of pixels; free some or use a smaller image");
  }
  const std::shared_ptr<void> owner(block, std::free);
  const auto address = reinterpret_cast<std::uintptr_t>(block);
  const std::size_t gap = (kRowAlignment - address % kRowAlignment) % kRowAlignment;
  return {owner, static_cast<std::uint8_t*>(block) + gap};
}

}  // namespace

int channel_count(wf_format format) noexcept {
  return facts(format).channels;
}
int channel_bytes(wf_format format) noexcept {
  return facts(format).bytes;
}
int pixel_bytes(wf_format format) noexcept {
  return facts(format).channels * facts(format).bytes;
}
bool is_blue_first(wf_format format) noexcept {
  return facts(format).blue_first;
}

const char* format_name(wf_format format) noexcept {
  return format < std::size(kFacts) ? kFacts[format].name : "unknown format";
}

std::uint64_t next_generation() noexcept {
  static std::atomic<std::uint64_t> last{0};
  return ++last;
}

Image::Image(std::uint32_t width, std::uint32_t height, wf_format format) {
  check_format_and_size(width, height, format);
  const std::size_t row_bytes = std::size_t{width} * static_cast<std::size_t>(pixel_bytes(format));
  const std::size_t stride_bytes = (row_bytes + kRowAlignment - 1) / kRowAlignment * kRowAlignment;
  pixels_ = allocate(stride_bytes * height);
  view_.format = format;
  view_.width = width;
  view_.height = height;
  view_.stride_bytes = static_cast<std::int64_t>(stride_bytes);
  view_.data = pixels_.get();
}

Image Image::borrow(const wf_image& view) {
  if (view.struct_size < kImageSize10) {
    throw Error(WF_INVALID_ARGUMENT, "wf_image::struct_size is " +
                                         std::to_string(view.struct_size) + ": wanted at least " +
                                         std::to_string(kImageSize10));
  }
  if (view.data == nullptr) {
    throw Error(WF_BAD_IMAGE, "an image has no pixels: wanted a data pointer");
  }
  check_format_and_size(view.width, view.height, view.format);
  check_layout(view);
  const bool has_generation = view.struct_size >= kImageSize10 + sizeof view.generation;
  Image image;
  image.view_ = {sizeof(wf_image),
                 view.format,
                 view.width,
                 view.height,
                 view.stride_bytes,
                 view.data,
                 has_generation ? view.generation : 0};
  return image;
}

const std::uint8_t* Image::row(std::uint32_t y) const noexcept {
  return static_cast<const std::uint8_t*>(view_.data) + std::int64_t{y} * view_.stride_bytes;
}
std::uint8_t* Image::row(std::uint32_t y) noexcept {
  return static_cast<std::uint8_t*>(view_.data) + std::int64_t{y} * view_.stride_bytes;
}

}  // namespace workflow
