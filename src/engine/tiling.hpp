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

class Tiling {
 public:
  // patches: rising indices in a grid of `columns` patches a row, all within rows [first_row,
  // first_row + rows). Every patch lies in exactly one tile; tiles may reach beyond the grid.
  // cost: of one tile of each class, in any unit; four tiles are merged where that is cheaper.
  void cover(const std::int32_t* patches, int count, int first_row, int rows, int columns,
             const double cost[kTileClasses]);

  const std::vector<Tile>& tiles(int tile_class) const noexcept { return tiles_[tile_class]; }

 private:
  void cover_square(int level, int row, int column, const double cost[kTileClasses]);
  void emit(int level, int row, int column);

  int first_row_ = 0;
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
