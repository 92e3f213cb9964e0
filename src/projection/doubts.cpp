#include "projection/doubts.hpp"

#include "engine/threads.hpp"

namespace matting {
namespace {

constexpr float kMuch = 4;  // times the usual detail

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
constexpr float kShare = 0.5f;        // of what alpha lacks

bool is_near_body(const CellPatches& patches, int cell) {
  bool is_near = false;
  patches.for_cells_around(
      cell, kNear, [&](int other) { is_near = is_near || patches.greatest(other) >= kBody; });
  return is_near;
}

}  // namespace

bool Doubts::is_subject(const Frame& frame, CellDetail& detail, const CellPatches& patches,
                        const Cells& patch) {
  cells_.clear();
  std::size_t empty = 0;
  for (const int cell : patch) {
    empty += patches.greatest(cell) < CellDetail::kEmpty;
    if (patches.greatest(cell) < kWithout) cells_.push_back(cell);
  }
  return cells_.size() >= kLeastWithout &&
         static_cast<double>(empty) <= kFewEmpty * static_cast<double>(patch.size()) &&
         detail.quantile(frame, patches, cells_, kMostOfPatch) > kMuch * detail.usual();
}

void Doubts::raise(const Frame& frame, CellDetail& detail, CellPatches& patches) {
  cells_.clear();
  shares_.resize(patches.grid().cells());
  for (int cell = 0; cell < patches.cells(); ++cell) {
    const bool is_something = patches.least(cell) >= kNotNothing;
    shares_[cell] = is_something ? 0.0f : -1.0f;
    if (is_something && patches.greatest(cell) < kSubject) cells_.push_back(cell);
  }
  engine::parallel_for(static_cast<int>(cells_.size()), [&](int i, int thread) {
    const int cell = cells_[static_cast<std::size_t>(i)];
    if (!is_near_body(patches, cell)) return;
    const PlateComparison& compared = detail.of(frame, patches, cell, thread);
    if (compared.detail(detail.step()) > kMuch * detail.usual() &&
        compared.tint() < PlateComparison::kSameTint) {
      shares_[cell] = kShare;
    }
  });
  patches.raise(frame, shares_);
}

void Doubts::settle(const Frame& frame, CellDetail& detail, CellPatches& patches) {
  patches.for_patches([&](int cell) { return patches.least(cell) < kMostly; },
                      [&](const Cells& patch) {
                        if (is_subject(frame, detail, patches, patch)) {
                          patches.settle(frame, patch, 1);
                        }
                      });
  raise(frame, detail, patches);
}

}  // namespace matting
