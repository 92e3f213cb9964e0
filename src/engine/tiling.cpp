#include "engine/tiling.hpp"

#include <algorithm>

#include "engine/threads.hpp"

namespace matting::engine {

void Tiling::cover(const std::int32_t* patches, int count, int first_row, int rows, int columns,
                   const double cost[kTileClasses]) {
  first_row_ = first_row;
  columns_ = columns;
  patches_ = patches;
  end_ = patches + count;
  for (int level = 0; level < kTileClasses; ++level) {
    Level& l = levels_[level];
    const int side = kTileSides[level];
    l.rows = (rows + side - 1) / side;
    l.columns = (columns + side - 1) / side;
    const std::size_t squares = static_cast<std::size_t>(l.rows) * l.columns;
    l.used.resize(squares);
    l.whole.resize(squares);
    l.cost.resize(squares);
    tiles_[level].clear();
  }
  const Level& coarsest = levels_[kTileClasses - 1];
  parallel_for(coarsest.rows, [&](int row, int) { cover_rows(row, cost); });
  for (int row = 0; row < coarsest.rows; ++row) {
    for (int column = 0; column < coarsest.columns; ++column) emit(kTileClasses - 1, row, column);
  }
}

// One row of the coarsest squares and all that lies within it.
void Tiling::cover_rows(int coarse_row, const double cost[kTileClasses]) {
  constexpr int kCoarsest = kTileSides[kTileClasses - 1];
  Level& finest = levels_[0];
  const int first = coarse_row * kCoarsest, last = std::min(first + kCoarsest, finest.rows);
  const auto begin = static_cast<std::size_t>(first) * finest.columns;
  const auto length = static_cast<std::size_t>(last - first) * finest.columns;
  std::fill_n(finest.used.begin() + begin, length, 0);
  std::fill_n(finest.cost.begin() + begin, length, 0.0f);
  const std::int32_t offset = first_row_ * columns_;
  const auto* patch = std::lower_bound(patches_, end_, offset + first * columns_);
  for (; patch != end_ && *patch < offset + last * columns_; ++patch) {
    finest.used[*patch - offset] = 1;
    finest.cost[*patch - offset] = static_cast<float>(cost[0]);
  }
  for (int level = 1; level < kTileClasses; ++level) {
    const int rows = kCoarsest / kTileSides[level];
    for (int row = coarse_row * rows; row < std::min((coarse_row + 1) * rows, levels_[level].rows);
         ++row) {
      for (int column = 0; column < levels_[level].columns; ++column) {
        cover_square(level, row, column, cost);
      }
    }
  }
}

// The cheaper of one tile and its four quarters, already known.
void Tiling::cover_square(int level, int row, int column, const double cost[kTileClasses]) {
  const Level& quarters = levels_[level - 1];
  double sum = 0;
  for (int r = 2 * row; r < std::min(2 * row + 2, quarters.rows); ++r) {
    for (int c = 2 * column; c < std::min(2 * column + 2, quarters.columns); ++c) {
      sum += quarters.cost[static_cast<std::size_t>(r) * quarters.columns + c];
    }
  }
  Level& l = levels_[level];
  const std::size_t at = static_cast<std::size_t>(row) * l.columns + column;
  l.used[at] = sum > 0;
  l.whole[at] = sum > cost[level];
  l.cost[at] = static_cast<float>(std::min(sum, cost[level]));
}

void Tiling::emit(int level, int row, int column) {
  const Level& l = levels_[level];
  if (row >= l.rows || column >= l.columns) return;
  const std::size_t at = static_cast<std::size_t>(row) * l.columns + column;
  if (!l.used[at]) return;
  if (level == 0 || l.whole[at]) {
    const int side = kTileSides[level];
    tiles_[level].push_back({first_row_ + row * side, column * side});
    return;
  }
  for (int quarter = 0; quarter < 4; ++quarter) {
    emit(level - 1, 2 * row + quarter / 2, 2 * column + quarter % 2);
  }
}

}  // namespace matting::engine
