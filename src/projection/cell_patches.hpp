// Patches of neighbouring cells, and what alpha has in them.
#ifndef MATTING_PROJECTION_CELL_PATCHES_HPP
#define MATTING_PROJECTION_CELL_PATCHES_HPP

#include <algorithm>
#include <cstdint>
#include <vector>

#include "image/frame.hpp"
#include "projection/cell_grid.hpp"

namespace matting {

// Cells are known by their number, row by row. Keeps its memory from frame to frame. One thread at
// a time, on team_size() threads.
class CellPatches {
 public:
  using Cells = std::vector<int>;

  // Begins a frame: finds the range of alpha (8 or 16 bit) in each cell.
  void begin(const Frame& frame);

  const CellGrid& grid() const noexcept { return grid_; }
  int cells() const noexcept { return static_cast<int>(grid_.cells()); }
  float least(int cell) const { return least_[static_cast<std::size_t>(cell)]; }
  float greatest(int cell) const { return greatest_[static_cast<std::size_t>(cell)]; }
  bool is_marked(int cell) const { return marked_[static_cast<std::size_t>(cell)] != 0; }
  PixelRegion pixels(int cell) const {
    return grid_.pixels(cell % grid_.columns, cell / grid_.columns);
  }

  // work(other) for that cell and those up to `radius` cells from it, row by row.
  template <class Work>
  void for_cells_around(int cell, int radius, const Work& work) const;

  // Marks the cells for which of_patch(cell) holds, and calls work(cells) for each patch of them: a
  // cell belongs to the patch of its eight neighbours.
  template <class OfPatch, class Work>
  void for_patches(const OfPatch& of_patch, const Work& work);

  // Makes alpha 0 or 1 in these cells, except where the mask is 0 or 255. The foreground, unless it
  // is empty, becomes the image there, and the composite, unless it is empty, what belongs to it.
  void settle(const Frame& frame, const Cells& cells, float new_alpha);
  // Makes alpha 1 - (1 - share) (1 - alpha). shares: of all cells, interpolated between their
  // middles; a cell with a negative one stays as it is, and its neighbours do not see it.
  void raise(const Frame& frame, const std::vector<float>& shares);

 private:
  static constexpr int kPlanes = 4;  // of pixels_: a colour and an alpha

  void collect(int first_cell);
  struct Shares;
  void raise_cell(const Frame& part, int cell, const Shares& shares, float* alpha);

  CellGrid grid_;
  std::vector<float> least_, greatest_;
  std::vector<std::uint8_t> marked_;
  std::vector<std::uint8_t> taken_;  // those of them that were collected
  Cells patch_;
  std::vector<std::vector<float>> memory_;  // per thread
  std::vector<float> pixels_;               // of a row of a cell, and what its composite needs
};

template <class Work>
void CellPatches::for_cells_around(int cell, int radius, const Work& work) const {
  const int x = cell % grid_.columns, y = cell / grid_.columns;
  const int bottom = std::min(grid_.rows, y + radius + 1);
  const int right = std::min(grid_.columns, x + radius + 1);
  for (int row = std::max(0, y - radius); row < bottom; ++row) {
    for (int column = std::max(0, x - radius); column < right; ++column) {
      work(row * grid_.columns + column);
    }
  }
}

template <class OfPatch, class Work>
void CellPatches::for_patches(const OfPatch& of_patch, const Work& work) {
  for (int cell = 0; cell < cells(); ++cell) marked_[cell] = of_patch(cell);
  std::fill(taken_.begin(), taken_.end(), 0);
  for (int cell = 0; cell < cells(); ++cell) {
    if (!marked_[cell] || taken_[cell]) continue;
    collect(cell);
    work(static_cast<const Cells&>(patch_));
  }
}

}  // namespace matting

#endif  // MATTING_PROJECTION_CELL_PATCHES_HPP
