#include "engine/coarse_blocks.hpp"

#include <algorithm>

#include "engine/resample.hpp"

namespace matting::engine {

CoarseBlocks::CoarseBlocks(const Geometry& geometry)
    : patch_columns_(geometry.patch_columns()),
      columns_(coarse_blocks(geometry.coarse_width)),
      row_reach_(reaches(geometry.coarse_height, geometry.padded_height)),
      column_reach_(reaches(geometry.coarse_width, geometry.padded_width)),
      marks_(static_cast<std::size_t>(columns_) * coarse_blocks(geometry.coarse_height)) {}

// The refiner's first input has half the frame's size. A patch is 2x2 pixels there, of which its
// four convolutions, two of them at full size, reach 3 pixels beyond.
std::vector<CoarseBlocks::Reach> CoarseBlocks::reaches(int coarse, int padded) {
  constexpr int kReach = 3, kHalfPatch = kPatch / 2;
  const int half = padded / 2;
  const BilinearAxis axis = bilinear_axis(coarse, half);
  std::vector<Reach> result;
  for (int patch = 0; patch < padded / kPatch; ++patch) {
    const int first = std::max(0, kHalfPatch * patch - kReach);
    const int last = std::min(half - 1, kHalfPatch * patch + kHalfPatch - 1 + kReach);
    result.push_back({axis.first[first] / kCoarseBlock, axis.second[last] / kCoarseBlock});
  }
  return result;
}

const std::vector<std::int32_t>& CoarseBlocks::find(const std::vector<std::int32_t>& patches) {
  std::fill(marks_.begin(), marks_.end(), 0);
  for (std::int32_t patch : patches) {
    const Reach rows = row_reach_[patch / patch_columns_];
    const Reach columns = column_reach_[patch % patch_columns_];
    for (int row = rows.first; row <= rows.last; ++row) {
      for (int column = columns.first; column <= columns.last; ++column) {
        marks_[static_cast<std::size_t>(row) * columns_ + column] = 1;
      }
    }
  }
  blocks_.clear();
  for (std::size_t i = 0; i < marks_.size(); ++i) {
    if (marks_[i]) blocks_.push_back(static_cast<std::int32_t>(i));
  }
  return blocks_;
}

}  // namespace matting::engine
