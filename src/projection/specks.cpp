#include "projection/specks.hpp"

#include <algorithm>

#include "engine/pixel_rows.hpp"
#include "image/frame_part.hpp"

namespace matting {
namespace {

// Islands.
constexpr float kShown = 0.01f;            // alpha that is not nothing
constexpr float kOfBody = 0.5f;            // alpha that an island does not reach
constexpr int kAround = 2;                 // cells around a patch with which it is compared
constexpr double kAlike = 1.3;             // times as large a misfit is as large, ...
constexpr double kAlways = 0.008 * 0.008;  // ... and this much more

// Holes.
constexpr float kSure = 0.95f;      // alpha that is surely subject
constexpr float kDoubt = 2.0f / 3;  // alpha below which a hole may be one

float square(float value) {
  return value * value;
}

}  // namespace

// Mean over those cells of (image - plate)^2, of a channel in 0..1; 0 for no cells.
double Specks::misfit(const Frame& frame, const CellPatches& patches, const Cells& cells) {
  const engine::Kernels& kernels = engine::process_kernels();
  double sum = 0;
  std::size_t values = 0;
  for (const int cell : cells) {
    const Frame part = part_of(frame, patches.pixels(cell));
    const auto width = static_cast<std::size_t>(part.image.width);
    pixels_.resize(6 * width);
    float *image = pixels_.data(), *plate = image + 3 * width;
    for (int y = 0; y < part.image.height; ++y) {
      engine::read_rgb_row(kernels, part.image, y, rgb_planes(image, width));
      engine::read_rgb_row(kernels, part.plate, y, rgb_planes(plate, width));
      float row = 0;
      for (std::size_t i = 0; i < 3 * width; ++i) row += square(image[i] - plate[i]);
      sum += row;
    }
    values += 3 * width * static_cast<std::size_t>(part.image.height);
  }
  return values == 0 ? 0 : sum / static_cast<double>(values);
}

bool Specks::plate_explains(const Frame& frame, const CellPatches& patches, const Cells& patch) {
  around_.clear();
  for (const int cell : patch) {
    patches.for_cells_around(cell, kAround, [&](int other) {
      if (!patches.is_marked(other)) around_.push_back(other);
    });
  }
  std::sort(around_.begin(), around_.end());
  around_.erase(std::unique(around_.begin(), around_.end()), around_.end());
  return misfit(frame, patches, patch) <= kAlike * misfit(frame, patches, around_) + kAlways;
}

void Specks::remove_islands(const Frame& frame, CellPatches& patches) {
  patches.for_patches([&](int cell) { return patches.greatest(cell) > kShown; },
                      [&](const Cells& patch) {
                        const bool is_of_body = std::any_of(
                            patch.begin(), patch.end(),
                            [&](int cell) { return patches.greatest(cell) >= kOfBody; });
                        if (!is_of_body && plate_explains(frame, patches, patch))
                          patches.settle(frame, patch, 0);
                      });
}

void Specks::fill_holes(const Frame& frame, CellPatches& patches) {
  patches.for_patches([&](int cell) { return patches.least(cell) < kSure; },
                      [&](const Cells& patch) {
                        const bool is_everything = patch.size() == patches.grid().cells();
                        const bool is_faint =
                            std::all_of(patch.begin(), patch.end(),
                                        [&](int cell) { return patches.least(cell) > kDoubt; });
                        if (is_faint && !is_everything) patches.settle(frame, patch, 1);
                      });
}

}  // namespace matting
