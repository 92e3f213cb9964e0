// Where the network doubts a subject that detail proves.
#ifndef MATTING_PROJECTION_DOUBTS_HPP
#define MATTING_PROJECTION_DOUBTS_HPP

#include <vector>

#include "image/frame.hpp"
#include "projection/cell_detail.hpp"
#include "projection/cell_patches.hpp"

namespace matting {

// A network takes a grey jacket before a grey sky for the sky in shadow. In shadow the plate keeps
// the detail that it has; cloth and hair bring detail of their own. What is as much as four times
// what 95 of 100 empty cells have (cell_detail.hpp) is no plate.
//
// Keeps its memory from frame to frame. One thread at a time, on team_size() threads.
class Doubts {
 public:
  // A patch of cells that are not mostly subject, hardly any of which is surely empty, is filled if
  // most of its cells have such detail. Alpha of single cells that have it is raised if a body is
  // near, and the colour no other than the plate's in some light. (The estimate of soft edges takes
  // alpha for what is likely before colours are seen; where these differ, they tell more.)
  void settle(const Frame& frame, CellDetail& detail, CellPatches& patches);

 private:
  using Cells = CellPatches::Cells;

  bool is_subject(const Frame& frame, CellDetail& detail, const CellPatches& patches,
                  const Cells& patch);
  void raise(const Frame& frame, CellDetail& detail, CellPatches& patches);

  Cells cells_;                // that are looked at
  std::vector<float> shares_;  // of what alpha lacks, by cell
};

}  // namespace matting

#endif  // MATTING_PROJECTION_DOUBTS_HPP
