// Alpha at soft edges, from the colours themselves.
#ifndef MATTING_PROJECTION_PLATE_PROJECTION_HPP
#define MATTING_PROJECTION_PLATE_PROJECTION_HPP

#include <optional>
#include <vector>

#include "image/frame.hpp"
#include "infer_background_matting/parallel_runner.hpp"
#include "projection/cell_detail.hpp"
#include "projection/cell_patches.hpp"
#include "projection/colour_cells.hpp"
#include "projection/doubts.hpp"
#include "projection/seen_plate.hpp"
#include "projection/specks.hpp"

namespace matting {

// The plate says what colour the background has behind a soft pixel, and the subject around what
// colours the subject can have; between the two lies the pixel, and where is alpha. The network's
// alpha is the prior of this (soft_model.hpp). Works at soft edges and as far as a cell from them.
// Before that, what the network only imagines is taken away (seen_plate.hpp, specks.hpp), and what
// it doubts though it is to be seen is given back (doubts.hpp); after it, neighbours that look
// alike are averaged (soft_kernels.hpp).
//
// Further passes know more: the edge's own pixels tell the subject's colours, strand by strand, and
// where the pass before found something soft that the network did not see, the edge is wider.
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
  // changes. passes: 1 or more. Works on that many threads: the runner's, if it lends any, else
  // OpenMP's. Throws std::bad_alloc.
  void apply(const Frame& frame, int passes, int threads, const ParallelRunner& runner);

 private:
  struct Segment;
  struct CellPosition {
    int first;
    float weight;  // of the cell behind it
  };
  // Cells [run.first, run.last) of a row of cells, and their pixels.
  struct Stretch {
    ColourCells::Run run;
    PixelRegion pixels;
  };
  static CellPosition position_of(int pixel, int side, int cells);
  void apply_here(const Frame& frame, int passes);
  void resize(const Frame& frame);
  void start_from(const ImageView& alpha);
  template <class Work>
  void for_stretches(const Frame& frame, const Work& work);
  void load_colours(int x, int y, Segment& segment) const;
  void make_models(const Stretch& stretch, Segment& segment) const;
  template <class Work>
  void for_cells(const Stretch& stretch, const Work& work) const;
  static void read(const Frame& part, int y, Segment& segment);
  void estimate(const Frame& frame, const Stretch& stretch, Segment& segment);
  void read_around(const Frame& frame, const PixelRegion& pixels, int y, Segment& segment) const;
  void finish(const Frame& frame, const Stretch& stretch, Segment& segment) const;
  static void write(const Frame& part, int y, Segment& segment);

  CellPatches patches_;
  Specks specks_;
  CellDetail detail_;
  SeenPlate seen_plate_;
  Doubts doubts_;
  ColourCells cells_;
  std::vector<CellPosition> columns_;
  std::vector<Segment> segments_;  // per thread
  // The estimate before it is smoothed, kGray16 (the network's alpha where there is none), and how
  // certain it is, kGray8, see SoftKernels.
  std::optional<Image> alpha_, certainty_;
};

}  // namespace matting

#endif  // MATTING_PROJECTION_PLATE_PROJECTION_HPP
