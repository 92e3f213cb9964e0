// Specks in alpha that are nothing but the network's opinion: islands and holes.
#ifndef MATTING_PROJECTION_SPECKS_HPP
#define MATTING_PROJECTION_SPECKS_HPP

#include <cstdint>
#include <optional>
#include <vector>

#include "image/composite.hpp"
#include "image/frame.hpp"
#include "image/pixel_rows.hpp"
#include "projection/cell_grid.hpp"

namespace matting {

// A network sees things where nobody is, a few faint pixels, even where image and plate are the
// same picture, and it doubts bodies in their middle.
//
// An island is a patch of neighbouring cells with some alpha. It is no part of a body if no pixel
// of it is more subject than background; and if the image differs from the plate there no more than
// it does around, nothing at all is to be seen. Such islands are taken away. Smoke, glass and
// motion blur are seen, and stay; so does everything that touches a body.
//
// A hole is a patch of cells that are not surely subject, with nothing but sure subject around. If
// all of its pixels are mostly subject, it is filled. A gap between arm and body has background in
// it, and stays.
//
// Keeps its memory from frame to frame. One thread at a time, on team_size() threads.
class Specks {
 public:
  // Mends frame.alpha (8 or 16 bit). frame.foreground, unless it is empty, becomes the image there,
  // and the composite, unless it is empty, what belongs to it.
  void remove(const Frame& frame);

 private:
  static constexpr int kPlanes = 7;  // of pixels_

  void resize(int width, int height);
  void find_ranges(const ImageView& alpha);
  template <class OfPatch, class IsSpeck>
  void mend(const Frame& frame, float new_alpha, const OfPatch& of_patch, const IsSpeck& is_speck);
  void collect(int first_cell);
  void add_neighbours(int cell);
  void find_around();
  bool plate_explains(const Frame& frame);
  double misfit(const Frame& frame, const std::vector<int>& cells);
  void write(const Frame& frame, float alpha);

  float* plane(int index) { return pixels_.data() + pixels_.size() / kPlanes * index; }
  RgbRow colour(int first) { return {plane(first), plane(first + 1), plane(first + 2)}; }
  PixelRegion pixels(int cell) const {
    return grid_.pixels(cell % grid_.columns, cell / grid_.columns);
  }

  CellGrid grid_;
  std::vector<float> least_, greatest_;  // alpha of each cell
  std::vector<std::uint8_t> marked_;     // cells of patches
  std::vector<std::uint8_t> taken_;      // those of them that were collected
  std::vector<int> patch_, around_;      // cells
  float patch_least_ = 0, patch_greatest_ = 0;
  std::vector<std::vector<float>> memory_;  // per thread
  std::vector<float> pixels_;               // two colours and an alpha, of a row of a cell
  std::optional<CompositeRow> composite_;   // of such a row, once there is a size
};

}  // namespace matting

#endif  // MATTING_PROJECTION_SPECKS_HPP
