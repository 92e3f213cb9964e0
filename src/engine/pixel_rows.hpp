// Rows of pictures as planes of red, green and blue floats.
#ifndef MATTING_ENGINE_PIXEL_ROWS_HPP
#define MATTING_ENGINE_PIXEL_ROWS_HPP

#include "engine/kernels/kernels.hpp"
#include "image/pixel_rows.hpp"
#include "infer_background_matting/image.hpp"

namespace matting::engine {

// Three planes, red first. For a grey picture all three are one.
struct RgbPlanes {
  float* plane[3];
};

// Reads pixels [x, x + count) of row y into `storage` (3 rows of `pitch` floats each) and returns
// where the colours lie. Beyond the right edge the last pixel repeats, below the bottom the last
// row; x and y are >= 0.
RgbPlanes read_rgb(const Kernels& kernels, const ImageView& view, int x, int y, int count,
                   float* storage, int pitch);

// Row y of a whole picture into dst; grey is repeated three times.
void read_rgb_row(const Kernels& kernels, const ImageView& view, int y, const RgbRow& dst);

// Row y of a whole grey picture.
void read_gray_row(const Kernels& kernels, const ImageView& view, int y, float* dst);

// Writes count pixels of RGB (and alpha; null: full) to row y from x. A grey picture gets the luma
// of ITU-R BT.601, in `scratch` (count floats). Values are clamped and rounded.
void write_rgb(const Kernels& kernels, const MutableImageView& view, int x, int y, int count,
               const float* const rgb[3], const float* alpha, float* scratch);

// Row y of a whole picture that is not grey.
void write_rgb_row(const Kernels& kernels, const MutableImageView& view, int y, const RgbRow& src);

// Writes one plane to a grey picture.
void write_gray(const Kernels& kernels, const MutableImageView& view, int x, int y, int count,
                const float* plane);
inline void write_gray_row(const Kernels& kernels, const MutableImageView& view, int y,
                           const float* src) {
  write_gray(kernels, view, 0, y, view.width, src);
}

}  // namespace matting::engine

#endif  // MATTING_ENGINE_PIXEL_ROWS_HPP
