// Pictures on the host side: wf_image with somebody who owns the pixels.
#ifndef WORKFLOW_IMAGE_HPP
#define WORKFLOW_IMAGE_HPP

#include <cstddef>
#include <cstdint>
#include <memory>

#include "workflow/export.hpp"
#include "workflow/plugin_abi.h"

namespace workflow {

// Channels of a WF_FORMAT_* (1, 3 or 4), bytes of one channel (1 or 2), and of a pixel. 0 for a
// format that this header does not know.
WORKFLOW_API int channel_count(wf_format format) noexcept;
WORKFLOW_API int channel_bytes(wf_format format) noexcept;
WORKFLOW_API int pixel_bytes(wf_format format) noexcept;

// Whether a pixel begins with blue: bgr8, bgra16, ...
WORKFLOW_API bool is_blue_first(wf_format format) noexcept;

// "rgb8", "gray16", ...; "unknown format" for one that is not known.
WORKFLOW_API const char* format_name(wf_format format) noexcept;

// A number that no other call in this process returns; never 0. Any thread.
WORKFLOW_API std::uint64_t next_generation() noexcept;

// Pixels with shared ownership: copying an Image copies the handle, not the pixels. Pixels are
// either allocated here (rows aligned to 64 bytes, zeroed) or borrowed from the caller.
// An Image is immutable to everybody who got it from a Workflow. Reading from several threads is
// allowed.
class WORKFLOW_API Image {
 public:
  Image() = default;

  // Allocates. Throws Error: WF_BAD_IMAGE for a zero size or unknown format, WF_TOO_LARGE beyond
  // 16384 a side or 128 megapixels, WF_OUT_OF_MEMORY.
  Image(std::uint32_t width, std::uint32_t height, wf_format format);

  // Borrows view's pixels, which must stay valid and unchanged as long as any copy lives; its
  // generation number is kept. Throws Error as above, and WF_BAD_IMAGE for null data, a stride
  // shorter than a row or misaligned 16-bit pixels.
  static Image borrow(const wf_image& view);

  bool empty() const noexcept { return view_.data == nullptr; }
  std::uint32_t width() const noexcept { return view_.width; }
  std::uint32_t height() const noexcept { return view_.height; }
  wf_format format() const noexcept { return view_.format; }
  std::int64_t stride_bytes() const noexcept { return view_.stride_bytes; }

  // Row y, 0 <= y < height(), top row first.
  const std::uint8_t* row(std::uint32_t y) const noexcept;
  std::uint8_t* row(std::uint32_t y) noexcept;

  // The descriptor that crosses the ABI; valid as long as this object is.
  const wf_image& view() const noexcept { return view_; }
  wf_image& view() noexcept { return view_; }

 private:
  wf_image view_ = {sizeof(wf_image), WF_FORMAT_NONE, 0, 0, 0, nullptr, 0};
  std::shared_ptr<std::uint8_t> pixels_;
};

}  // namespace workflow

#endif  // WORKFLOW_IMAGE_HPP
