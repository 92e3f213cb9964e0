#include "engine/kept_patches.hpp"

#include <algorithm>
#include <cmath>

#include "engine/pixel_rows.hpp"
#include "engine/threads.hpp"

namespace matting::engine {
namespace {

constexpr int kRun = 64;  // patches that a thread takes at once

// body(i) for i in [0, count).
template <class Body>
void parallel_runs(std::size_t count, const Body& body) {
  const auto runs = static_cast<int>((count + kRun - 1) / kRun);
  parallel_for(runs, [&](int run, int) {
    const std::size_t first = static_cast<std::size_t>(run) * kRun;
    for (std::size_t i = first; i < std::min(first + kRun, count); ++i) body(i);
  });
}

int largest_difference(const std::uint8_t* a, const std::uint8_t* b, int count) {
  int largest = 0;
  for (int i = 0; i < count; ++i) largest = std::max(largest, std::abs(a[i] - b[i]));
  return largest;
}

}  // namespace

void KeptPatches::begin(const ImageView& image, const CoarsePlanes& coarse,
                        const std::vector<std::int32_t>& patches, double threshold) {
  image_ = image;
  coarse_ = coarse;
  patches_ = patches;
  next_.resize(patches.size());
  holding_.assign(patches.size(), -1);
  std::size_t record = 0;  // both lists rise
  for (std::size_t i = 0; i < patches.size(); ++i) {
    while (record < records_.size() && records_[record].patch < patches[i]) ++record;
    if (record < records_.size() && records_[record].patch == patches[i]) {
      holding_[i] = static_cast<std::int32_t>(record);
    }
  }
  const int levels = static_cast<int>(std::floor(threshold * 255));
  parallel_runs(patches.size(), [&](std::size_t i) {
    // Read in any case: if the patch is refined, this is what from.
    Inputs& now = next_[i].inputs;
    read(patches[i], &now);
    if (holding_[i] < 0) return;
    const Inputs& then = records_[holding_[i]].inputs;
    bool same = largest_difference(now.colors, then.colors, sizeof now.colors) <= levels;
    for (int p = 0; p < 4; ++p) {
      same = same && std::abs(now.coarse[p] - then.coarse[p]) <= static_cast<float>(threshold);
    }
    if (!same) holding_[i] = -1;
  });
}

void KeptPatches::keep(std::size_t first, std::size_t count, const RefinedPatch* results) {
  parallel_runs(count, [&](std::size_t i) {
    Record& record = next_[first + i];
    const std::int32_t holding = holding_[first + i];
    if (holding >= 0) {
      record = records_[holding];
    } else {
      record.patch = patches_[first + i];
      record.result = results[i];
    }
  });
}

void KeptPatches::read(std::int32_t patch, Inputs* inputs) const {
  const int row = patch / geometry_.patch_columns(), column = patch % geometry_.patch_columns();
  const int x = std::max(0, column * kPatch - kReach), y = std::max(0, row * kPatch - kReach);
  float storage[3 * (kSide + kSlack)];
  for (int i = 0; i < kSide; ++i) {
    const RgbPlanes rgb = read_rgb(kernels_, image_, x, y + i, kSide, storage, kSide + kSlack);
    const float* const planes[4] = {rgb.plane[0], rgb.plane[1], rgb.plane[2], nullptr};
    kernels_.store[kColor8Pixels](planes, kSide, inputs->colors + i * kSide * 3);
  }
  const auto coarse_index = [](int at, int coarse, int patches) {
    return static_cast<int>((at + 0.5) * coarse / patches);
  };
  const int v = coarse_index(row, geometry_.coarse_height, geometry_.patch_rows());
  const int u = coarse_index(column, geometry_.coarse_width, geometry_.patch_columns());
  for (int p = 0; p < 4; ++p) {
    inputs->coarse[p] = coarse_.plane[p][static_cast<std::size_t>(v) * geometry_.coarse_width + u];
  }
}

}  // namespace matting::engine
