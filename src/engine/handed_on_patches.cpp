#include "engine/handed_on_patches.hpp"

#include <algorithm>

#include "engine/threads.hpp"

namespace matting::engine {
namespace {

constexpr int kHalfPatch = kPatch / 2;
constexpr int kRun = 64;  // patches that a thread takes at once, neighbours in a row for the most

}  // namespace

HandedOnPatches::HandedOnPatches(const Geometry& geometry, const CoarsePlanes& coarse)
    : geometry_(geometry),
      coarse_(coarse),
      rows_(bilinear_axis(geometry.coarse_height, geometry.padded_height / 2)),
      columns_(bilinear_axis(geometry.coarse_width, geometry.padded_width / 2)) {}

std::size_t HandedOnPatches::bytes() const noexcept {
  return results_.capacity() * sizeof(results_[0]);
}

void HandedOnPatches::run(const std::int32_t* patches, int count, int, int, StageTimes& times) {
  if (results_.size() < static_cast<std::size_t>(count)) results_.resize(count);
  parallel_for((count + kRun - 1) / kRun, [&](int run, int) {
    for (int i = run * kRun; i < std::min((run + 1) * kRun, count); ++i) {
      fill(patches[i], &results_[i]);
    }
  });
  times.lap("refiner");
}

void HandedOnPatches::fill(std::int32_t patch, RefinedPatch* result) const {
  const int top = patch / geometry_.patch_columns() * kHalfPatch;
  const int left = patch % geometry_.patch_columns() * kHalfPatch;
  const std::size_t width = geometry_.coarse_width;
  for (int p = 0; p < 4; ++p) {
    for (int y = 0; y < kHalfPatch; ++y) {
      const float* upper = coarse_.plane[p] + rows_.first[top + y] * width;
      const float* lower = coarse_.plane[p] + rows_.second[top + y] * width;
      const auto mixed = [&, weight = rows_.weight[top + y]](int x) {
        return upper[x] + (lower[x] - upper[x]) * weight;
      };
      float* const out = result->planes[p][2 * y];
      for (int x = 0; x < kHalfPatch; ++x) {
        const float a = mixed(columns_.first[left + x]), b = mixed(columns_.second[left + x]);
        out[2 * x] = out[2 * x + 1] = a + (b - a) * columns_.weight[left + x];
      }
      std::copy_n(out, kPatch, result->planes[p][2 * y + 1]);
    }
  }
}

}  // namespace matting::engine
