#include "projection/seen_plate.hpp"

#include <algorithm>
#include <cmath>

#include "engine/threads.hpp"

namespace matting {
namespace {

// Cells that may show the plate.
constexpr float kDarkest = 0.15f, kBrightest = 1.1f;  // factors of light
constexpr float kLittle = 2;                          // times the usual detail

// Cells that show it, with the eight around.
constexpr float kCovered = 0.05f;         // alpha that every pixel of theirs has
constexpr float kAlike = 0.7f;            // correlation
constexpr float kLeastVariation = 1e-4f;  // of the plate in that light, a pixel
constexpr std::size_t kLeastShowing = 2;  // of a patch

// Patches.
constexpr float kNextLight = 0.12f;  // difference of logarithms
constexpr std::size_t kLeastCells = 20;
constexpr float kAlikeInAll = 0.15f;  // correlation in all of it, ...
constexpr float kNoChance = 3;        // ... and times the root of its cells
constexpr float kMostSeen = 1.2f;     // of what differs in the plate, in that light
// At least as much less, as light and as share: compression takes away detail.
constexpr float kLeastSeen = 0.7f, kMostHidden = 0.13f;

// The edge of one, where the light changes faster.
constexpr int kEdge = 3;                  // cells
constexpr float kLeastSeenAtEdge = 0.5f;  // of what differs in the plate, of each cell

// What is left of them.
constexpr double kLeftOver = 0.3;  // of the cells that were removed
constexpr double kColoured = 0.5;  // of its cells have the plate's colours

float correlation(const Likeness& likeness) {
  const float squares = likeness.image * likeness.plate;
  return squares > 0 ? likeness.both / std::sqrt(squares) : 0;
}

}  // namespace

void SeenPlate::look(const Frame& frame, CellDetail& detail, const CellPatches& patches) {
  cells_.assign(patches.grid().cells(), {});
  const float most_detail = kLittle * detail.usual();
  engine::parallel_for(patches.grid().rows, [&](int row, int thread) {
    for (int i = 0; i < patches.grid().columns; ++i) {
      const int number = row * patches.grid().columns + i;
      if (patches.greatest(number) < CellDetail::kEmpty) continue;
      const PlateComparison& compared = detail.of(frame, patches, number, thread);
      Cell& cell = cells_[number];
      cell.light = compared.light();
      cell.likeness = compared.likeness();
      cell.has_its_colours = cell.light > kDarkest && cell.light < kBrightest &&
                             compared.tint() < PlateComparison::kSameTint;
      cell.may_show = cell.has_its_colours && compared.detail(detail.step()) < most_detail;
    }
  });
}

bool SeenPlate::shows(const CellPatches& patches, int cell) const {
  if (!cells_[cell].may_show) return false;
  Likeness likeness;
  float least = 1;
  patches.for_cells_around(cell, 1, [&](int other) {
    likeness.add(cells_[other].likeness);
    least = std::min(least, patches.least(other));
  });
  const float light = cells_[cell].light;
  const auto pixels = static_cast<float>(9 * patches.grid().side * patches.grid().side);
  return least > kCovered && correlation(likeness) > kAlike &&
         light * light * likeness.plate > kLeastVariation * pixels;
}

// The patch of that cell into patch_.
void SeenPlate::collect(const CellPatches& patches, int first_cell) {
  patch_.assign(1, first_cell);
  cells_[first_cell].is_taken = true;
  for (std::size_t i = 0; i < patch_.size(); ++i) {
    const float light = cells_[patch_[i]].light;
    patches.for_cells_around(patch_[i], 1, [&](int other) {
      Cell& cell = cells_[other];
      if (!cell.may_show || cell.is_taken) return;
      if (std::abs(std::log(cell.light / light)) >= kNextLight) return;
      cell.is_taken = true;
      patch_.push_back(other);
    });
  }
}

bool SeenPlate::is_plate(const CellPatches& patches) const {
  if (patch_.size() < kLeastCells) return false;
  Likeness likeness;
  float all = 0, least = 0;  // of likeness.both
  std::size_t showing = 0;
  for (const int cell : patch_) {
    const float light = cells_[cell].light, plate = cells_[cell].likeness.plate;
    likeness.add(cells_[cell].likeness);
    all += light * plate;
    least += std::max(light - kMostHidden, kLeastSeen * light) * plate;
    showing += shows(patches, cell);
  }
  const float least_alike =
      std::max(kAlikeInAll, kNoChance / std::sqrt(static_cast<float>(patch_.size())));
  return showing >= kLeastShowing && correlation(likeness) > least_alike && likeness.both > least &&
         likeness.both < kMostSeen * all;
}

// Cells around patch_, one after the other, in which the plate is seen in whatever light.
void SeenPlate::add_edge(const CellPatches& patches) {
  std::size_t first = 0;
  for (int i = 0; i < kEdge; ++i) {
    const std::size_t end = patch_.size();
    for (; first < end; ++first) {
      patches.for_cells_around(patch_[first], 1, [&](int other) {
        Cell& cell = cells_[other];
        const float all = cell.light * cell.likeness.plate;
        if (cell.is_taken || !cell.may_show || cell.likeness.both < kLeastSeenAtEdge * all) return;
        cell.is_taken = true;
        patch_.push_back(other);
      });
    }
  }
}

// Beside what was removed, much smaller than it, and mostly in the plate's colours.
bool SeenPlate::is_left_over(const CellPatches& patches, const CellPatches::Cells& island) const {
  if (static_cast<double>(island.size()) > kLeftOver * static_cast<double>(removed_)) return false;
  bool is_beside = false;
  std::size_t coloured = 0;
  for (const int cell : island) {
    coloured += cells_[cell].has_its_colours;
    patches.for_cells_around(cell, 1,
                             [&](int other) { is_beside = is_beside || cells_[other].is_removed; });
  }
  return is_beside &&
         static_cast<double>(coloured) >= kColoured * static_cast<double>(island.size());
}

void SeenPlate::remove(const Frame& frame, CellDetail& detail, CellPatches& patches) {
  if (!std::isfinite(detail.usual())) return;
  look(frame, detail, patches);
  removed_ = 0;
  for (int cell = 0; cell < patches.cells(); ++cell) {
    if (cells_[cell].is_taken || !shows(patches, cell)) continue;
    collect(patches, cell);
    if (!is_plate(patches)) continue;
    add_edge(patches);
    patches.settle(frame, patch_, 0);
    for (const int removed : patch_) cells_[removed].is_removed = true;
    removed_ += patch_.size();
  }
  if (removed_ == 0) return;
  patches.for_patches([&](int cell) { return patches.greatest(cell) > 0; },
                      [&](const CellPatches::Cells& island) {
                        if (is_left_over(patches, island)) patches.settle(frame, island, 0);
                      });
}

}  // namespace matting
