#include "projection/cell_grid.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

namespace matting {
namespace {

constexpr int kCellsOfLongSide = 200;

// Least and greatest of each column over the rows [first_y, end_y).
template <typename Value>
void column_ranges(const ImageView& alpha, int first_y, int end_y, Value* least, Value* greatest) {
  std::fill_n(least, alpha.width, std::numeric_limits<Value>::max());
  std::fill_n(greatest, alpha.width, Value{0});
  for (int y = first_y; y < end_y; ++y) {
    const Value* row = reinterpret_cast<const Value*>(alpha.row(y));
#pragma omp simd
    for (int x = 0; x < alpha.width; ++x) {
      least[x] = std::min(least[x], row[x]);
      greatest[x] = std::max(greatest[x], row[x]);
    }
  }
}

template <typename Value>
void ranges_of(const ImageView& alpha, const CellGrid& grid, int y, float* memory, float* least,
               float* greatest) {
  constexpr float kUnit = 1.0f / std::numeric_limits<Value>::max();
  Value* const low = reinterpret_cast<Value*>(memory);
  Value* const high = low + grid.width;
  column_ranges(alpha, y * grid.side, grid.end_y(y), low, high);
  for (int x = 0; x < grid.columns; ++x) {
    const int first = x * grid.side, end = grid.end_x(x);
    least[x] = kUnit * static_cast<float>(*std::min_element(low + first, low + end));
    greatest[x] = kUnit * static_cast<float>(*std::max_element(high + first, high + end));
  }
}

}  // namespace

CellGrid CellGrid::of(int width, int height) {
  CellGrid grid;
  const double side = std::max(width, height) / double{kCellsOfLongSide};
  grid.side = std::min({std::max(1, static_cast<int>(std::lround(side))), width, height});
  grid.columns = width / grid.side;
  grid.rows = height / grid.side;
  grid.width = width;
  grid.height = height;
  return grid;
}

void alpha_ranges(const ImageView& alpha, const CellGrid& grid, int y, float* memory, float* least,
                  float* greatest) {
  if (channel_bytes(alpha.format) == 1) {
    ranges_of<std::uint8_t>(alpha, grid, y, memory, least, greatest);
  } else {
    ranges_of<std::uint16_t>(alpha, grid, y, memory, least, greatest);
  }
}

}  // namespace matting
