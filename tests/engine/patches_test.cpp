// Selection of patches, and their cover with tiles.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "engine/selection.hpp"
#include "engine/tiling.hpp"

namespace matting::engine {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

NetworkSettings sampling(std::int64_t pixels) {
  NetworkSettings settings;
  settings.refine_pixels = pixels;
  return settings;
}

TEST(PatchSelection, TakesTheLargestErrorsAboveZero) {
  const float error[] = {0.1f, 0.9f, 0.0f, 0.5f, 0.0f, 1.0f};
  PatchSelection selection;
  selection.select(sampling(48), error, 6);
  EXPECT_THAT(selection.patches(), ElementsAre(1, 3, 5));
  selection.select(sampling(16 * 100), error, 6);
  EXPECT_THAT(selection.patches(), ElementsAre(0, 1, 3, 5));
  selection.select(sampling(15), error, 6);
  EXPECT_THAT(selection.patches(), IsEmpty());
}

TEST(PatchSelection, BreaksTiesByIndex) {
  const float error[] = {1, 1, 0.5f, 1, 1};
  PatchSelection selection;
  selection.select(sampling(32), error, 5);
  EXPECT_THAT(selection.patches(), ElementsAre(0, 1));
}

TEST(PatchSelection, SampleEqualsASort) {
  std::mt19937 generator(3);
  std::uniform_real_distribution<float> uniform(-0.3f, 1.2f);
  std::vector<float> error(5000);
  for (float& value : error) value = std::clamp(uniform(generator), 0.0f, 1.0f);
  PatchSelection selection;
  for (int wanted : {1, 7, 500, 700, 3000, 4999, 5000}) {
    selection.select(sampling(16 * wanted), error.data(), 5000);
    std::vector<std::int32_t> order(5000);
    for (int i = 0; i < 5000; ++i) order[i] = i;
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return error[a] > error[b]; });
    order.resize(wanted);
    order.erase(std::remove_if(order.begin(), order.end(), [&](int i) { return error[i] <= 0; }),
                order.end());
    std::sort(order.begin(), order.end());
    EXPECT_EQ(selection.patches(), order) << wanted;
  }
}

TEST(PatchSelection, ThresholdIsExclusive) {
  NetworkSettings settings;
  settings.refine_mode = RefineMode::kThresholding;
  settings.refine_threshold = 0.5;
  const float error[] = {0.5f, 0.51f, 0.2f};
  PatchSelection selection;
  selection.select(settings, error, 3);
  EXPECT_THAT(selection.patches(), ElementsAre(1));
  settings.refine_mode = RefineMode::kFull;
  selection.select(settings, error, 3);
  EXPECT_THAT(selection.patches(), ElementsAre(0, 1, 2));
}

// How often each patch is covered.
std::vector<int> covered(const Tiling& tiling, int rows, int columns) {
  std::vector<int> times(rows * columns);
  for (int tile_class = 0; tile_class < kTileClasses; ++tile_class) {
    for (const Tile& tile : tiling.tiles(tile_class)) {
      for (int r = tile.row; r < std::min(rows, tile.row + kTileSides[tile_class]); ++r) {
        for (int c = tile.column; c < std::min(columns, tile.column + kTileSides[tile_class]); ++c) {
          ++times[r * columns + c];
        }
      }
    }
  }
  return times;
}

TEST(Tiling, CoversEverySelectedPatchOnce) {
  constexpr int kRows = 21, kColumns = 37;
  const double cost[kTileClasses] = {1, 2.5, 7, 20};
  std::mt19937 generator(5);
  for (double share : {0.01, 0.2, 0.6, 1.0}) {
    std::vector<std::int32_t> patches;
    std::bernoulli_distribution selected(share);
    for (int i = 0; i < kRows * kColumns; ++i) {
      if (selected(generator)) patches.push_back(i);
    }
    Tiling tiling;
    tiling.cover(patches.data(), static_cast<int>(patches.size()), 0, kRows, kColumns, cost);
    const auto times = covered(tiling, kRows, kColumns);
    for (int patch : patches) EXPECT_EQ(times[patch], 1);
    EXPECT_LE(*std::max_element(times.begin(), times.end()), 1);
  }
}

TEST(Tiling, MergesOnlyWhereItIsCheaper) {
  const double cost[kTileClasses] = {1, 2.5, 7, 20};
  Tiling tiling;
  const std::int32_t pair[] = {0, 1}, block[] = {0, 1, 8};
  tiling.cover(pair, 2, 0, 8, 8, cost);
  EXPECT_EQ(tiling.tiles(0).size(), 2u);
  tiling.cover(block, 3, 0, 8, 8, cost);
  EXPECT_EQ(tiling.tiles(0).size(), 0u);
  EXPECT_EQ(tiling.tiles(1).size(), 1u);
}

TEST(Tiling, RowsMayBeginAnywhere) {
  const double cost[kTileClasses] = {1, 2.5, 7, 20};
  Tiling tiling;
  const std::int32_t patches[] = {10 * 8 + 3};
  tiling.cover(patches, 1, 9, 4, 8, cost);
  ASSERT_EQ(tiling.tiles(0).size(), 1u);
  EXPECT_EQ(tiling.tiles(0)[0].row, 10);
  EXPECT_EQ(tiling.tiles(0)[0].column, 3);
}

}  // namespace
}  // namespace matting::engine
