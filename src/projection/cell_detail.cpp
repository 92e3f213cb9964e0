#include "projection/cell_detail.hpp"

#include <algorithm>
#include <limits>

#include "engine/threads.hpp"
#include "image/frame_part.hpp"

namespace matting {
namespace {

constexpr std::size_t kLeastEmpty = 20;  // cells, to tell by
constexpr float kMostEmpty = 0.95f;      // quantile
constexpr float kLeastUsual = 0.25f;     // in a picture without noise
constexpr std::size_t kMostCells = 500;  // that are looked at

}  // namespace

const PlateComparison& CellDetail::of(const Frame& frame, const CellPatches& patches, int cell,
                                      int thread) {
  PlateComparison& comparison = comparisons_[static_cast<std::size_t>(thread)];
  comparison.read(part_of(frame, patches.pixels(cell)));
  return comparison;
}

float CellDetail::quantile(const Frame& frame, const CellPatches& patches, const Cells& cells,
                           float quantile) {
  const std::size_t every = 1 + (cells.size() - 1) / kMostCells;
  details_.resize((cells.size() - 1) / every + 1);
  engine::parallel_for(static_cast<int>(details_.size()), [&](int i, int thread) {
    const int cell = cells[static_cast<std::size_t>(i) * every];
    details_[static_cast<std::size_t>(i)] = of(frame, patches, cell, thread).detail(step_);
  });
  const auto place = details_.begin() + static_cast<std::ptrdiff_t>(
                                            quantile * static_cast<float>(details_.size() - 1));
  std::nth_element(details_.begin(), place, details_.end());
  return *place;
}

void CellDetail::begin(const Frame& frame, const CellPatches& patches) {
  comparisons_.resize(static_cast<std::size_t>(engine::team_size()));
  step_ = std::max(1, (patches.grid().side - 1) / 2);
  empty_.clear();
  for (int cell = 0; cell < patches.cells(); ++cell) {
    if (patches.greatest(cell) < kEmpty) empty_.push_back(cell);
  }
  usual_ = empty_.size() < kLeastEmpty
               ? std::numeric_limits<float>::infinity()
               : std::max(kLeastUsual, quantile(frame, patches, empty_, kMostEmpty));
}

}  // namespace matting
