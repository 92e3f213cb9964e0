// The composite of a frame, row by row: the plain way.
#ifndef MATTING_IMAGE_COMPOSITE_HPP
#define MATTING_IMAGE_COMPOSITE_HPP

#include <vector>

#include "image/frame.hpp"
#include "image/pixel_rows.hpp"

namespace matting {

// Holds the rows that it works in; one thread at a time.
class CompositeRow {
 public:
  explicit CompositeRow(int width) : width_(width), values_(6 * static_cast<std::size_t>(width)) {}

  // Row y of frame.composite, as Frame describes it. alpha, foreground: of that row, 0..1; the
  // frame is at most as wide as was said.
  void write(const Frame& frame, int y, const float* alpha, const RgbRow& foreground);

 private:
  float* plane(int index) { return values_.data() + static_cast<std::size_t>(index) * width_; }
  RgbRow composite() { return {plane(0), plane(1), plane(2)}; }
  RgbRow background() { return {plane(3), plane(4), plane(5)}; }
  void write_over(const Frame& frame, int y, const float* alpha, const RgbRow& foreground);
  void write_cut_out(const Frame& frame, int y, const float* alpha, const RgbRow& foreground);

  int width_;
  std::vector<float> values_;
};

}  // namespace matting

#endif  // MATTING_IMAGE_COMPOSITE_HPP
