#include "engine/tiling.hpp"

#include <algorithm>

namespace matting::engine {

void Tiling::cover(const std::int32_t* patches, int count, int first_row, int rows, int columns,
                   const double cost[kTileClasses]) {
  first_row_ = first_row;
  for (int level = 0; level < kTileClasses; ++level) {
    Level& l = levels_[level];
    const int side = kTileSides[level];
    l.rows = (rows + side - 1) / side;
    l.columns = (columns + side - 1) / side;
    l.used.assign(static_cast<std::size_t>(l.rows) * l.columns, 0);
    l.whole.assign(l.used.size(), 0);
    l.cost.assign(l.used.size(), 0);
    tiles_[level].clear();
  }
  Level& finest = levels_[0];
  for (int i = 0; i < count; ++i) {
    const std::size_t at = patches[i] - static_cast<std::size_t>(first_row) * columns;
    finest.used[at] = finest.whole[at] = 1;
    finest.cost[at] = static_cast<float>(cost[0]);
  }
  for (int level = 1; level < kTileClasses; ++level) {
    Level& l = levels_[level];
    for (int row = 0; row < l.rows; ++row) {
      for (int column = 0; column < l.columns; ++column) {
        cover_square(level, row, column, cost);
      }
    }
  }
  const Level& coarsest = levels_[kTileClasses - 1];
  for (int row = 0; row < coarsest.rows; ++row) {
    for (int column = 0; column < coarsest.columns; ++column) emit(kTileClasses - 1, row, column);
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
