// Selection of patches, their cover with tiles, and what they read.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "engine/coarse_blocks.hpp"
#include "engine/resample.hpp"
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

// Expected: torch.tensor([e]).topk(k, dim=1, sorted=False).indices, sorted, of torch 1.13.1
// and 2.13.
TEST(PatchSelection, BreaksTiesAsTorchTopkDoes) {
  PatchSelection selection;
  const float five[] = {1, 1, 0.5f, 1, 1};
  selection.select(sampling(32), five, 5);
  EXPECT_THAT(selection.patches(), ElementsAre(1, 4));

  float many[200];  // 81 of them are 1
  for (int i = 0; i < 200; ++i) many[i] = std::min(1.0f, static_cast<float>(i * 37 % 101) / 60);
  selection.select(sampling(16 * 20), many, 200);
  EXPECT_THAT(selection.patches(), ElementsAre(62, 65, 68, 70, 73, 90, 92, 95, 98, 103, 106, 109,
                                               111, 114, 117, 119, 120, 122, 125, 128));
  selection.select(sampling(16 * 3), many, 200);
  EXPECT_THAT(selection.patches(), ElementsAre(2, 5, 8));
}

TEST(PatchSelection, SampleEqualsASort) {
  std::mt19937 generator(3);
  std::uniform_real_distribution<float> uniform(0.0f, 1.0f);
  std::vector<float> error(5000);
  for (float& value : error) value = std::max(uniform(generator) - 0.2f, 0.0f);  // ties only at 0
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
        for (int c = tile.column; c < std::min(columns, tile.column + kTileSides[tile_class]);
             ++c) {
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

// Coarse pixels with a share in the half-size pixels that a patch and its surroundings cover.
std::set<int> blocks_read(const Geometry& geometry, const std::vector<std::int32_t>& patches) {
  const BilinearAxis rows = bilinear_axis(geometry.coarse_height, geometry.padded_height / 2);
  const BilinearAxis columns = bilinear_axis(geometry.coarse_width, geometry.padded_width / 2);
  std::set<int> blocks;
  for (std::int32_t patch : patches) {
    const int row = patch / geometry.patch_columns(), column = patch % geometry.patch_columns();
    for (int y = std::max(0, 2 * row - 3); y < std::min(rows.size(), 2 * row + 5); ++y) {
      for (int x = std::max(0, 2 * column - 3); x < std::min(columns.size(), 2 * column + 5); ++x) {
        for (int v : {rows.first[y], rows.second[y]}) {
          for (int u : {columns.first[x], columns.second[x]}) {
            blocks.insert(v / kCoarseBlock * coarse_blocks(geometry.coarse_width) +
                          u / kCoarseBlock);
          }
        }
      }
    }
  }
  return blocks;
}

TEST(CoarseBlocks, HoldAllThatSelectedPatchesReadAndNoMore) {
  for (double scale : {0.125, 0.25, 0.37, 1.0}) {
    NetworkSettings settings;
    settings.backbone_scale = scale;
    const Geometry geometry(settings, 203, 150);
    CoarseBlocks blocks(geometry);
    const int last = geometry.patch_rows() * geometry.patch_columns() - 1;
    const std::vector<std::int32_t> selections[] = {{}, {0}, {last}, {7, 60, 61, 500, 1111}};
    for (const auto& patches : selections) {
      const auto& found = blocks.find(patches);
      const std::set<int> wanted = blocks_read(geometry, patches);
      EXPECT_TRUE(std::equal(found.begin(), found.end(), wanted.begin(), wanted.end()))
          << scale << ", " << patches.size() << " patches";
    }
  }
}

}  // namespace
}  // namespace matting::engine
