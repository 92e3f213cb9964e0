// Detail that an image has and its plate has not, cell by cell.
#ifndef MATTING_PROJECTION_CELL_DETAIL_HPP
#define MATTING_PROJECTION_CELL_DETAIL_HPP

#include <vector>

#include "image/frame.hpp"
#include "projection/cell_patches.hpp"
#include "projection/plate_comparison.hpp"

namespace matting {

// Keeps its memory from frame to frame. One thread at a time, on team_size() threads.
class CellDetail {
 public:
  using Cells = CellPatches::Cells;

  static constexpr float kEmpty = 0.03f;  // alpha that no pixel of a surely empty cell reaches

  // Begins a frame: finds what is usual.
  void begin(const Frame& frame, const CellPatches& patches);

  // What 95 of 100 empty cells have no more than; without a limit where too few are empty to tell.
  float usual() const noexcept { return usual_; }
  // Between neighbours of which detail is looked for, see PlateComparison.
  int step() const noexcept { return step_; }
  // The comparison of that thread (of team_size()) with that cell read.
  const PlateComparison& of(const Frame& frame, const CellPatches& patches, int cell, int thread);
  // Quantile (0..1) of the detail of up to 500 of these cells, evenly chosen; at least one.
  float quantile(const Frame& frame, const CellPatches& patches, const Cells& cells,
                 float quantile);

 private:
  std::vector<PlateComparison> comparisons_;  // per thread
  float usual_ = 0;
  int step_ = 1;
  Cells empty_;
  std::vector<float> details_;
};

}  // namespace matting

#endif  // MATTING_PROJECTION_CELL_DETAIL_HPP
