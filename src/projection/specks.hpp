// Specks in alpha that are nothing but the network's opinion: islands and holes.
#ifndef MATTING_PROJECTION_SPECKS_HPP
#define MATTING_PROJECTION_SPECKS_HPP

#include <vector>

#include "image/frame.hpp"
#include "image/pixel_rows.hpp"
#include "projection/cell_patches.hpp"

namespace matting {

// A network sees things where nobody is, a few faint pixels, even where image and plate are the
// same picture, and it doubts bodies in their middle.
//
// Keeps its memory from frame to frame. One thread at a time.
class Specks {
 public:
  // An island is a patch of neighbouring cells with some alpha. It is no part of a body if no pixel
  // of it is more subject than background; and if the image differs from the plate there no more
  // than it does around, nothing at all is to be seen. Such islands are taken away. Smoke, glass
  // and motion blur are seen, and stay; so does everything that touches a body.
  void remove_islands(const Frame& frame, CellPatches& patches);

  // A hole is a patch of cells that are not surely subject, with nothing but sure subject around.
  // If all of its pixels are mostly subject, it is filled. A gap between arm and body has
  // background in it, and stays.
  static void fill_holes(const Frame& frame, CellPatches& patches);

 private:
  using Cells = CellPatches::Cells;

  bool plate_explains(const Frame& frame, const CellPatches& patches, const Cells& patch);
  double misfit(const Frame& frame, const CellPatches& patches, const Cells& cells);

  Cells around_;
  std::vector<float> pixels_;  // two colours, of a row of a cell
};

}  // namespace matting

#endif  // MATTING_PROJECTION_SPECKS_HPP
