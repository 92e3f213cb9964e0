// From coarse planes and refined patches to the host's bytes.
#ifndef MATTING_ENGINE_OUTPUT_HPP
#define MATTING_ENGINE_OUTPUT_HPP

#include <cstdint>
#include <vector>

#include "engine/geometry.hpp"
#include "engine/kernels/kernels.hpp"
#include "engine/patch_refiner.hpp"
#include "engine/resample.hpp"
#include "image/frame.hpp"

namespace matting::engine {

// Coarse planes, coarse_width * coarse_height floats each, slack behind the last.
struct CoarsePlanes {
  const float* plane[5];  // alpha, residual RGB, error
};

// Writes rows of every wanted output, each byte once. Parallel over rows; made and run by one
// thread, on team_size() threads.
class OutputPass {
 public:
  OutputPass(const Kernels& kernels, const Geometry& geometry);

  // Patch rows [first_row, first_row + rows). patches: the selected ones in them, rising, with
  // their results in the same order.
  void write(const Frame& frame, const CoarsePlanes& coarse, const std::int32_t* patches, int count,
             const RefinedPatch* results, int first_row, int rows);

  // Every wanted output outside of `region`, as if the network had found nothing there: alpha and
  // error 0, foreground the image. What the mask is sure of stays.
  void write_outside(const Frame& frame, const PixelRegion& region);

  std::size_t bytes() const noexcept;

 private:
  struct Row;
  Row row_of(const Frame& frame, int y, int thread);
  void write_row(Row& row);
  void write_segment(Row& row, int x, int count);
  void paste(const Row& row, int x, int count);

  const Kernels& kernels_;
  Geometry geometry_;
  BilinearAxis rows_, columns_;
  std::vector<std::int32_t> row_begin_;
  std::vector<std::vector<float>> memory_;  // per thread
};

}  // namespace matting::engine

#endif  // MATTING_ENGINE_OUTPUT_HPP
