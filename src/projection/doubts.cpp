#include "projection/doubts.hpp"

#include <algorithm>
#include <limits>

#include "engine/threads.hpp"
#include "image/frame_part.hpp"

namespace matting {
namespace {

constexpr float kMuch = 4;  // times the usual detail

// What is usual.
constexpr float kEmpty = 0.03f;          // alpha that no pixel of a surely empty cell reaches
constexpr std::size_t kLeastEmpty = 20;  // cells, to tell by
constexpr float kMostEmpty = 0.95f;      // quantile
constexpr float kLeastUsual = 0.25f;     // in a picture without noise
constexpr std::size_t kMostCells = 500;  // that are looked at

// Patches.
constexpr float kMostly = 0.75f;          // alpha below which a pixel is not mostly subject
constexpr float kWithout = 0.6f;          // alpha that no pixel of a cell without subject reaches
constexpr std::size_t kLeastWithout = 2;  // cells
constexpr double kFewEmpty = 0.1;         // share of a patch
constexpr float kMostOfPatch = 0.3f;      // quantile: seven of ten cells have as much

// Cells.
constexpr float kNotNothing = 0.02f;  // alpha of every pixel of a cell that is raised
constexpr float kSubject = 0.85f;     // alpha that none of its pixels has
constexpr float kBody = 0.95f;        // alpha in a cell that belongs to a body
constexpr int kNear = 10;             // cells
constexpr float kSameTint = 0.03f;    // other light hardly changes the colour more
constexpr float kShare = 0.5f;        // of what alpha lacks

int step_of(const CellPatches& patches) {
  return std::max(1, (patches.grid().side - 1) / 2);
}

bool is_near_body(const CellPatches& patches, int cell) {
  bool is_near = false;
  patches.for_cells_around(
      cell, kNear, [&](int other) { is_near = is_near || patches.greatest(other) >= kBody; });
  return is_near;
}

}  // namespace

// Of up to kMostCells of the cells, evenly chosen.
float Doubts::quantile_of(const Frame& frame, const CellPatches& patches, const Cells& cells,
                          float quantile) {
  const std::size_t every = 1 + (cells.size() - 1) / kMostCells;
  details_.resize((cells.size() - 1) / every + 1);
  const int step = step_of(patches);
  engine::parallel_for(static_cast<int>(details_.size()), [&](int i, int thread) {
    const int cell = cells[static_cast<std::size_t>(i) * every];
    details_[static_cast<std::size_t>(i)] = detail_[static_cast<std::size_t>(thread)]
                                                .of(part_of(frame, patches.pixels(cell)), step)
                                                .detail;
  });
  const auto place = details_.begin() + static_cast<std::ptrdiff_t>(
                                            quantile * static_cast<float>(details_.size() - 1));
  std::nth_element(details_.begin(), place, details_.end());
  return *place;
}

// Into usual_; without a limit where too few cells are empty to tell.
void Doubts::find_usual(const Frame& frame, const CellPatches& patches) {
  cells_.clear();
  for (int cell = 0; cell < patches.cells(); ++cell) {
    if (patches.greatest(cell) < kEmpty) cells_.push_back(cell);
  }
  usual_ = cells_.size() < kLeastEmpty
               ? std::numeric_limits<float>::infinity()
               : std::max(kLeastUsual, quantile_of(frame, patches, cells_, kMostEmpty));
}

bool Doubts::is_subject(const Frame& frame, const CellPatches& patches, const Cells& patch) {
  cells_.clear();
  std::size_t empty = 0;
  for (const int cell : patch) {
    empty += patches.greatest(cell) < kEmpty;
    if (patches.greatest(cell) < kWithout) cells_.push_back(cell);
  }
  return cells_.size() >= kLeastWithout &&
         static_cast<double>(empty) <= kFewEmpty * static_cast<double>(patch.size()) &&
         quantile_of(frame, patches, cells_, kMostOfPatch) > kMuch * usual_;
}

void Doubts::raise(const Frame& frame, CellPatches& patches) {
  cells_.clear();
  shares_.resize(patches.grid().cells());
  for (int cell = 0; cell < patches.cells(); ++cell) {
    const bool is_something = patches.least(cell) >= kNotNothing;
    shares_[cell] = is_something ? 0.0f : -1.0f;
    if (is_something && patches.greatest(cell) < kSubject) cells_.push_back(cell);
  }
  const int step = step_of(patches);
  engine::parallel_for(static_cast<int>(cells_.size()), [&](int i, int thread) {
    const int cell = cells_[static_cast<std::size_t>(i)];
    if (!is_near_body(patches, cell)) return;
    const Compared compared =
        detail_[static_cast<std::size_t>(thread)].of(part_of(frame, patches.pixels(cell)), step);
    if (compared.detail > kMuch * usual_ && compared.tint < kSameTint) shares_[cell] = kShare;
  });
  patches.raise(frame, shares_);
}

void Doubts::settle(const Frame& frame, CellPatches& patches) {
  detail_.resize(static_cast<std::size_t>(engine::team_size()));
  find_usual(frame, patches);
  patches.for_patches([&](int cell) { return patches.least(cell) < kMostly; },
                      [&](const Cells& patch) {
                        if (is_subject(frame, patches, patch)) patches.settle(frame, patch, 1);
                      });
  raise(frame, patches);
}

}  // namespace matting
