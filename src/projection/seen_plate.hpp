// Where the network takes the plate in other light for a subject.
#ifndef MATTING_PROJECTION_SEEN_PLATE_HPP
#define MATTING_PROJECTION_SEEN_PLATE_HPP

#include <vector>

#include "image/frame.hpp"
#include "projection/cell_detail.hpp"
#include "projection/cell_patches.hpp"
#include "projection/plate_comparison.hpp"

namespace matting {

// A deep shadow with hard edges looks to a network like a dark subject. But grass, bricks and grain
// show in it as they do in the plate, only darker; what stands before them hides them.
//
// Keeps its memory from frame to frame. One thread at a time, on team_size() threads.
class SeenPlate {
 public:
  // Makes alpha 0 in patches of cells where the plate is seen. A cell may show the plate if it has
  // the plate's colours in some light, and no more detail beside it than is usual. Cells where
  // image and plate are alike, pixel by pixel, begin patches; neighbours that may show the plate,
  // in nearly the same light, belong to them. A patch is taken away if in all of it what the plate
  // has differs in the image as it should in that light: so it does not in a body of one colour
  // that shares an edge with a shadow. At its edge, where the light changes fast, cells in which
  // the plate is seen go with it, and so does what is left of it as an island in the plate's
  // colours.
  void remove(const Frame& frame, CellDetail& detail, CellPatches& patches);

 private:
  struct Cell {
    bool may_show = false;  // the plate
    bool has_its_colours = false;
    bool is_taken = false;    // belongs to a patch already
    bool is_removed = false;  // with it
    float light = 1;
    Likeness likeness;
  };

  void look(const Frame& frame, CellDetail& detail, const CellPatches& patches);
  bool shows(const CellPatches& patches, int cell) const;
  void collect(const CellPatches& patches, int first_cell);
  bool is_plate(const CellPatches& patches) const;
  void add_edge(const CellPatches& patches);
  bool is_left_over(const CellPatches& patches, const CellPatches::Cells& island) const;

  std::vector<Cell> cells_;
  std::size_t removed_ = 0;  // of them
  CellPatches::Cells patch_;
};

}  // namespace matting

#endif  // MATTING_PROJECTION_SEEN_PLATE_HPP
