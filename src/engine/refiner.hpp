// The refiner (arXiv 2012.07810, section 3.2): full-size alpha and foreground of selected patches.
#ifndef MATTING_ENGINE_REFINER_HPP
#define MATTING_ENGINE_REFINER_HPP

#include <cstdint>
#include <memory>
#include <vector>

#include "engine/arena.hpp"
#include "engine/base_plan.hpp"
#include "engine/coarse_blocks.hpp"
#include "engine/geometry.hpp"
#include "engine/network.hpp"
#include "engine/patch_refiner.hpp"
#include "engine/resample.hpp"
#include "engine/tiling.hpp"

namespace matting::engine {

// Selected patches are covered with tiles; a batch of equal tiles is gathered from the pictures'
// bytes and the coarse features into the thread's memory, and goes through the four convolutions
// there. A convolution sees zeros beyond the padded frame, as the reference's patches do. The
// result does not depend on how patches are covered, apart from rounding in the convolutions.
// Of the coarse maps it reads the blocks around the frame's patches.
template <class T>
class Refiner : public PatchRefiner {
 public:
  // base: laid out for refining, of this geometry; must outlive this.
  Refiner(const Network& network, const Geometry& geometry, BasePlan<T>& base);
  ~Refiner() override;

  void begin(const Frame& frame, const std::vector<std::int32_t>& patches,
             StageTimes& times) override;
  void run(const std::int32_t* patches, int count, int first_row, int rows,
           StageTimes& times) override;
  const RefinedPatch* results() const noexcept override { return results_.data(); }
  std::size_t bytes() const noexcept override;
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
  BasePlan<T>& base_;
  CoarseBlocks blocks_;
  BilinearAxis rows_, columns_;  // coarse to half size
  Tiling tiling_;
  std::vector<Chunk> chunks_;
  std::vector<std::unique_ptr<Batch>> batches_;  // [thread * kTileClasses + class]
  std::vector<AlignedBlock> memory_;             // per thread
  std::vector<std::int32_t> slots_;              // of each patch of the frame, -1: not selected
  std::vector<RefinedPatch> results_;
  ImageView image_, plate_;    // of this frame
  const T* coarse_ = nullptr;  // likewise: kCoarsePitch channels, coarse size, slack
};

}  // namespace matting::engine

#endif  // MATTING_ENGINE_REFINER_HPP
