// The cells of a few pixels in which the projection looks at a frame.
#ifndef MATTING_PROJECTION_CELL_GRID_HPP
#define MATTING_PROJECTION_CELL_GRID_HPP

#include "image/frame.hpp"

namespace matting {

// Squares of `side` pixels, about 200 along the longer side of a picture. The last column and the
// last row take the pixels that are left over.
struct CellGrid {
  int side = 1, columns = 0, rows = 0;
  int width = 0, height = 0;  // of the picture

  static CellGrid of(int width, int height);

  bool is_for(int of_width, int of_height) const noexcept {
    return width == of_width && height == of_height;
  }
  std::size_t index(int y) const noexcept { return static_cast<std::size_t>(y) * columns; }
  std::size_t cells() const noexcept { return index(rows); }
  int end_x(int x) const noexcept { return x + 1 == columns ? width : (x + 1) * side; }
  int end_y(int y) const noexcept { return y + 1 == rows ? height : (y + 1) * side; }
  PixelRegion pixels(int x, int y) const noexcept {
    return {x * side, y * side, end_x(x) - x * side, end_y(y) - y * side};
  }
};

// Least and greatest alpha, 0..1, in each cell of row y: `columns` values each. alpha has 8 or 16
// bits; memory: room for `width` floats.
void alpha_ranges(const ImageView& alpha, const CellGrid& grid, int y, float* memory, float* least,
                  float* greatest);

}  // namespace matting

#endif  // MATTING_PROJECTION_CELL_GRID_HPP
