// Alpha at soft edges, from the colours themselves.
#ifndef MATTING_PROJECTION_PLATE_PROJECTION_HPP
#define MATTING_PROJECTION_PLATE_PROJECTION_HPP

#include <vector>

#include "image/frame.hpp"
#include "infer_background_matting/parallel_runner.hpp"
#include "projection/colour_cells.hpp"
#include "projection/specks.hpp"

namespace matting {

// The plate says what colour the background has behind a soft pixel, and the sure subject around
// what colours the subject can have; between the two lies the pixel, and where is alpha. The
// network's alpha is the prior of this (soft_model.hpp). Works at soft edges and as far as a
// cell from them. Before that, what the network only imagines is taken away (specks.hpp).
//
// Keeps its memory from frame to frame. One thread at a time.
class PlateProjection {
 public:
  PlateProjection();
  ~PlateProjection();
  PlateProjection(PlateProjection&&) noexcept;
  PlateProjection& operator=(PlateProjection&&) noexcept;

  // Changes frame.alpha, which must not be empty, and frame.foreground, which may be if
  // frame.composite is; writes the composite where they changed. Where the mask is 0 or 255 nothing
  // changes. Works on that many threads: the runner's, if it lends any, else OpenMP's. Throws
  // std::bad_alloc.
  void apply(const Frame& frame, int threads, const ParallelRunner& runner);

 private:
  struct Segment;
  struct CellPosition {
    int first;
    float weight;  // of the cell behind it
  };
  static CellPosition position_of(int pixel, int side, int cells);
  void apply_here(const Frame& frame);
  void apply_row(const Frame& frame, int cell_row, Segment& segment) const;
  void load_colours(int x, int y, Segment& segment) const;
  void make_models(int cell_row, const ColourCells::Run& run, Segment& segment) const;
  void estimate(const ColourCells::Run& run, Segment& segment) const;
  static void read(const Frame& part, int y, Segment& segment);
  static void write(const Frame& part, int y, Segment& segment);

  Specks specks_;
  ColourCells cells_;
  std::vector<CellPosition> columns_;
  std::vector<Segment> segments_;  // per thread
};

}  // namespace matting

#endif  // MATTING_PROJECTION_PLATE_PROJECTION_HPP
