// Which parts of the coarse maps the refiner reads.
#ifndef MATTING_ENGINE_COARSE_BLOCKS_HPP
#define MATTING_ENGINE_COARSE_BLOCKS_HPP

#include <cstdint>
#include <vector>

#include "engine/geometry.hpp"

namespace matting::engine {

constexpr int kCoarseBlock = 8;  // coarse pixels, side of a block

// Blocks a row of a coarse map of this width; likewise for heights.
constexpr int coarse_blocks(int side) noexcept {
  return (side + kCoarseBlock - 1) / kCoarseBlock;
}

// Finds blocks, numbered row by row; keeps its buffers between frames.
class CoarseBlocks {
 public:
  explicit CoarseBlocks(const Geometry& geometry);

  // patches: indices of selected ones. Result: rising; every coarse pixel that takes part in a
  // selected patch's refinement lies in one of these blocks.
  const std::vector<std::int32_t>& find(const std::vector<std::int32_t>& patches);

 private:
  // First and last block that the patch in this row (or column) reads.
  struct Reach {
    std::int32_t first, last;
  };
  static std::vector<Reach> reaches(int coarse, int padded);

  int patch_columns_, columns_;
  std::vector<Reach> row_reach_, column_reach_;
  std::vector<std::uint8_t> marks_;
  std::vector<std::int32_t> blocks_;
};

}  // namespace matting::engine

#endif  // MATTING_ENGINE_COARSE_BLOCKS_HPP
