// What lies around a place in a frame: the subject's colour and the plate's error, in cells of a
// few pixels, because both change slowly.
#ifndef MATTING_PROJECTION_COLOUR_CELLS_HPP
#define MATTING_PROJECTION_COLOUR_CELLS_HPP

#include <cstdint>
#include <vector>

#include "image/frame.hpp"
#include "image/pixel_rows.hpp"
#include "projection/cell_grid.hpp"

namespace matting {

// Filled for one frame after the other; one thread at a time, on team_size() threads.
class ColourCells {
 public:
  // A spread is the covariance of a colour's channels: rr, rg, rb, gg, gb, bb. The planes up to
  // kReach are to be interpolated between cells, the others hold for all pixels of theirs.
  enum Plane {
    kSubjectColour,   // mean of the subject's colours around, 0..1: red, green, blue
    kPlateError = 3,  // mean of image minus plate on the sure background around
    kReach = 6,       // 0..1: 1 at soft edges, 0 away from them and where nothing sure is near
    kSubjectSpread = 7,
    kErrorSpread = 13,
    kPlanes = 19
  };

  // How far around the subject's colours are gathered, as a Gaussian: kFar while little is known of
  // the edge, kNear once its own pixels tell.
  enum Around { kFar, kNear };

  // Begins a frame. Soft are cells of which frame.alpha (8 or 16 bit), the network's, says neither
  // that all pixels are above 0.95 nor that all are below 0.03. Nothing is allocated if the size is
  // that of the frame before.
  void begin(const Frame& frame);
  // Soft from now on are also cells where alpha, an estimate, is between 0.1 and 0.9 somewhere, or
  // on both sides.
  void widen(const ImageView& alpha);
  // Fills the planes. alpha is what is known so far: each pixel tells the colour that the subject
  // has under it, (image - (1 - alpha) plate) / alpha, with the weight alpha^16.
  void measure(const Frame& frame, const ImageView& alpha, Around around);

  int side() const noexcept { return grid_.side; }  // pixels of a cell
  int columns() const noexcept { return grid_.columns; }
  int rows() const noexcept { return grid_.rows; }
  const float* row(int plane, int y) const { return planes_[plane].data() + grid_.index(y); }

  // Cells [first, last) of row y whose pixels can be within reach, from `first` on; empty: no more.
  struct Run {
    int first, last;
    bool empty() const noexcept { return first == last; }
  };
  Run next_run(int y, int first) const;

 private:
  enum State : std::uint8_t { kSubject, kBackground, kSoft };  // the first two: surely

  void resize(int width, int height);
  template <class OfRange>
  void for_ranges(const ImageView& alpha, const OfRange& of_range);
  void find_reach();
  struct Line;
  struct Sums;
  void gather(const Frame& frame, const ImageView& alpha, int y, float* memory);
  void add_subject(std::size_t cell, const Line& line, int x);
  void add_error(std::size_t cell, const Line& line, int x);
  void add_sums(int first_sum, std::size_t cell, const Sums& sums);
  void smooth_across(int y, Around around);
  void smooth_down(int y, Around around);
  void normalize(int y);
  void normalize(int first_sum, int colour, int spread, std::size_t cell);

  // While they are gathered: of the subject, then of the error, three sums of colours, six of their
  // products, and the weight.
  static constexpr int kSumsOfEach = 10, kSums = 2 * kSumsOfEach;
  // The plate's error changes slowly: it is always gathered from far.
  static Around around_of(int sum, Around subject) { return sum < kSumsOfEach ? subject : kFar; }

  CellGrid grid_;
  std::vector<State> states_;
  std::vector<std::uint8_t> near_;  // cells whose colours a soft cell asks for
  std::vector<std::uint8_t> row_is_near_;
  std::vector<float> sums_[kSums], smoothed_[kSums], planes_[kPlanes];
  std::vector<std::vector<float>> memory_;  // per thread
};

}  // namespace matting

#endif  // MATTING_PROJECTION_COLOUR_CELLS_HPP
