// The refiner (arXiv 2012.07810, section 3.2): full-size alpha and foreground of selected patches.
#ifndef MATTING_ENGINE_REFINER_HPP
#define MATTING_ENGINE_REFINER_HPP

#include <cstdint>
#include <memory>
#include <vector>

#include "engine/arena.hpp"
#include "engine/geometry.hpp"
#include "engine/network.hpp"
#include "engine/resample.hpp"
#include "engine/stage_times.hpp"
#include "engine/tiling.hpp"
#include "infer_background_matting/image.hpp"

namespace matting::engine {

// One refined patch: alpha and residual RGB, four rows of four pixels each.
struct RefinedPatch {
  float planes[4][kPatch][kPatch];
};

// Selected patches are covered with tiles; a batch of equal tiles is gathered from the pictures'
// bytes and the coarse features into the thread's memory, and goes through the four convolutions
// there. A convolution sees zeros beyond the padded frame, as the reference's patches do. The
// result does not depend on how patches are covered, apart from rounding in the convolutions.
// Made and run by one thread, on team_size() threads.
template <class T>
class Refiner {
 public:
  Refiner(const Network& network, const Geometry& geometry);
  ~Refiner();

  // Patches of the rows [first_row, first_row + rows), rising; result i belongs to patches[i].
  // coarse: kCoarsePitch channels, coarse size, slack.
  void run(const ImageView& image, const ImageView& plate, const T* coarse,
           const std::int32_t* patches, int count, int first_row, int rows, StageTimes& times);

  const RefinedPatch* results() const noexcept { return results_.data(); }
  std::size_t bytes() const noexcept;
  static std::size_t estimate_bytes(const Geometry& geometry, int threads);

 private:
  struct Batch;  // a tile class in one thread
  struct Chunk {
    int tile_class, first, count;
  };

  void refine(const Chunk& chunk, int thread);
  void gather_colors(Batch& batch, const Tile& tile);
  void gather_half(Batch& batch, const Tile& tile, T* out);
  void gather_full(Batch& batch, int index);
  void scatter(const Batch& batch, const Tile& tile, const T* pixels);

  const Network& network_;
  Geometry geometry_;
  BilinearAxis rows_, columns_;  // coarse to half size
  Tiling tiling_;
  std::vector<Chunk> chunks_;
  std::vector<std::unique_ptr<Batch>> batches_;  // [thread * kTileClasses + class]
  std::vector<AlignedBlock> memory_;             // per thread
  std::vector<std::int32_t> slots_;              // of each patch of the frame, -1: not selected
  std::vector<RefinedPatch> results_;
  ImageView image_, plate_;
  const T* coarse_ = nullptr;
};

}  // namespace matting::engine

#endif  // MATTING_ENGINE_REFINER_HPP
