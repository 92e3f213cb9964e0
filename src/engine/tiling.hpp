// Covers selected patches with square tiles, so that neighbours share the surroundings they read.
#ifndef MATTING_ENGINE_TILING_HPP
#define MATTING_ENGINE_TILING_HPP

#include <cstdint>
#include <vector>

namespace matting::engine {

constexpr int kTileClasses = 4;
constexpr int kTileSides[kTileClasses] = {1, 2, 4, 8};  // patches

struct Tile {
  std::int32_t row, column;  // of its first patch
};

// Parallel, on team_size() threads; the result does not depend on their number.
class Tiling {
 public:
  // patches: rising indices in a grid of `columns` patches a row, all within rows [first_row,
  // first_row + rows). Every patch lies in exactly one tile; tiles may reach beyond the grid.
  // cost: of one tile of each class, in any unit; four tiles are merged where that is cheaper.
  void cover(const std::int32_t* patches, int count, int first_row, int rows, int columns,
             const double cost[kTileClasses]);

  const std::vector<Tile>& tiles(int tile_class) const noexcept { return tiles_[tile_class]; }

 private:
  void cover_rows(int coarse_row, const double cost[kTileClasses]);
  void cover_square(int level, int row, int column, const double cost[kTileClasses]);
  void emit(int level, int row, int column);

  int first_row_ = 0;
  int columns_ = 0;
  const std::int32_t* patches_ = nullptr;
  const std::int32_t* end_ = nullptr;
  // Per class: is there a selected patch in the square, and is it to be one tile.
  struct Level {
    int rows = 0, columns = 0;
    std::vector<std::uint8_t> used, whole;
    std::vector<float> cost;
  };
  Level levels_[kTileClasses];
  std::vector<Tile> tiles_[kTileClasses];
};

}  // namespace matting::engine

#endif  // MATTING_ENGINE_TILING_HPP
