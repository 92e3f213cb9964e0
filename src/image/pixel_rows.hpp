// Rows of pixels of any format to and from float: the plain conversions, and the truth for faster
// ones. All functions: float values 0..1, full scale = 255 or 65535; any thread.
#ifndef MATTING_IMAGE_PIXEL_ROWS_HPP
#define MATTING_IMAGE_PIXEL_ROWS_HPP

#include "infer_background_matting/image.hpp"

namespace matting {

// Three rows of view.width floats each; not owned.
struct RgbRow {
  float* red;
  float* green;
  float* blue;

  RgbRow from(int first) const { return {red + first, green + first, blue + first}; }
};

// Three planes one behind the other; pitch: values from one to the next.
inline RgbRow rgb_planes(float* first, std::size_t pitch) {
  return {first, first + pitch, first + 2 * pitch};
}

// Row y as colour; grey is repeated three times, an alpha channel is dropped.
void read_rgb_row(const ImageView& view, int y, const RgbRow& dst);

// Row y of the first channel.
void read_first_channel_row(const ImageView& view, int y, float* dst);

// Row y from colour, clamped and rounded to nearest. Grey takes luma (BT.601 weights); a fourth
// channel takes alpha, or full where alpha is null.
void write_rgb_row(const MutableImageView& view, int y, const RgbRow& src, const float* alpha);

// Row y of a one-channel view, clamped and rounded to nearest.
void write_gray_row(const MutableImageView& view, int y, const float* src);

}  // namespace matting

#endif  // MATTING_IMAGE_PIXEL_ROWS_HPP
