#include "projection/specks.hpp"

#include <algorithm>

#include "engine/pixel_rows.hpp"
#include "engine/threads.hpp"
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
constexpr float kSure = 0.95f;   // alpha that is surely subject
constexpr float kDoubt = 0.75f;  // alpha below which a hole may be one

float square(float value) {
  return value * value;
}

}  // namespace

void Specks::resize(int width, int height) {
  if (grid_.is_for(width, height)) return;
  grid_ = CellGrid::of(width, height);
  for (auto* plane : {&least_, &greatest_}) plane->resize(grid_.cells());
  for (auto* plane : {&marked_, &taken_}) plane->resize(grid_.cells());
  const int widest = 2 * grid_.side;  // the last cell of a row
  pixels_.resize(kPlanes * static_cast<std::size_t>(widest));
  composite_.emplace(widest);
}

void Specks::find_ranges(const ImageView& alpha) {
  memory_.resize(static_cast<std::size_t>(engine::team_size()));
  for (auto& memory : memory_) memory.resize(static_cast<std::size_t>(grid_.width));
  engine::parallel_for(grid_.rows, [&](int y, int thread) {
    const std::size_t first = grid_.index(y);
    alpha_ranges(alpha, grid_, y, memory_[static_cast<std::size_t>(thread)].data(),
                 least_.data() + first, greatest_.data() + first);
  });
}

void Specks::add_neighbours(int cell) {
  const int x = cell % grid_.columns, y = cell / grid_.columns;
  for (int row = std::max(0, y - 1); row < std::min(grid_.rows, y + 2); ++row) {
    for (int column = std::max(0, x - 1); column < std::min(grid_.columns, x + 2); ++column) {
      const int other = row * grid_.columns + column;
      if (!marked_[other] || taken_[other]) continue;
      taken_[other] = 1;
      patch_.push_back(other);
    }
  }
}

// The patch of that cell into patch_.
void Specks::collect(int first_cell) {
  patch_.assign(1, first_cell);
  taken_[first_cell] = 1;
  patch_least_ = 1;
  patch_greatest_ = 0;
  for (std::size_t i = 0; i < patch_.size(); ++i) {
    patch_least_ = std::min(patch_least_, least_[patch_[i]]);
    patch_greatest_ = std::max(patch_greatest_, greatest_[patch_[i]]);
    add_neighbours(patch_[i]);
  }
}

// The cells that are near the patch and in none.
void Specks::find_around() {
  around_.clear();
  for (const int cell : patch_) {
    const int x = cell % grid_.columns, y = cell / grid_.columns;
    const int bottom = std::min(grid_.rows, y + kAround + 1);
    const int right = std::min(grid_.columns, x + kAround + 1);
    for (int row = std::max(0, y - kAround); row < bottom; ++row) {
      for (int column = std::max(0, x - kAround); column < right; ++column) {
        const int other = row * grid_.columns + column;
        if (!marked_[other]) around_.push_back(other);
      }
    }
  }
  std::sort(around_.begin(), around_.end());
  around_.erase(std::unique(around_.begin(), around_.end()), around_.end());
}

// Mean over those cells of (image - plate)^2, of a channel in 0..1; 0 for no cells.
double Specks::misfit(const Frame& frame, const std::vector<int>& cells) {
  const engine::Kernels& kernels = engine::process_kernels();
  double sum = 0;
  std::size_t values = 0;
  const RgbRow image = colour(0), plate = colour(3);
  for (const int cell : cells) {
    const Frame part = part_of(frame, pixels(cell));
    const int width = part.image.width;
    for (int y = 0; y < part.image.height; ++y) {
      engine::read_rgb_row(kernels, part.image, y, image);
      engine::read_rgb_row(kernels, part.plate, y, plate);
      float row = 0;
      for (int c = 0; c < 3; ++c) {
        const float *of_image = plane(c), *of_plate = plane(3 + c);
        for (int x = 0; x < width; ++x) row += square(of_image[x] - of_plate[x]);
      }
      sum += row;
    }
    values += 3 * static_cast<std::size_t>(width) * part.image.height;
  }
  return values == 0 ? 0 : sum / static_cast<double>(values);
}

bool Specks::plate_explains(const Frame& frame) {
  find_around();
  return misfit(frame, patch_) <= kAlike * misfit(frame, around_) + kAlways;
}

void Specks::write(const Frame& frame, float new_alpha) {
  const engine::Kernels& kernels = engine::process_kernels();
  const RgbRow image = colour(0);
  float* const alpha = plane(6);
  std::fill(alpha, pixels_.data() + pixels_.size(), new_alpha);
  for (const int cell : patch_) {
    const Frame part = part_of(frame, pixels(cell));
    for (int y = 0; y < part.image.height; ++y) {
      write_gray_row(part.alpha, y, alpha);
      engine::read_rgb_row(kernels, part.image, y, image);
      if (!part.foreground.empty()) write_rgb_row(part.foreground, y, image, nullptr);
      if (!part.composite.empty()) composite_->write(part, y, alpha, image);
    }
  }
}

// of_patch: whether a cell is of a patch; is_speck: whether patch_ is to become new_alpha.
template <class OfPatch, class IsSpeck>
void Specks::mend(const Frame& frame, float new_alpha, const OfPatch& of_patch,
                  const IsSpeck& is_speck) {
  const int cells = static_cast<int>(grid_.cells());
  for (int cell = 0; cell < cells; ++cell) marked_[cell] = of_patch(cell);
  std::fill(taken_.begin(), taken_.end(), 0);
  for (int cell = 0; cell < cells; ++cell) {
    if (!marked_[cell] || taken_[cell]) continue;
    collect(cell);
    if (is_speck()) write(frame, new_alpha);
  }
}

void Specks::remove(const Frame& frame) {
  resize(frame.image.width, frame.image.height);
  find_ranges(frame.alpha);
  mend(
      frame, 0, [&](int cell) { return greatest_[cell] > kShown; },
      [&] { return patch_greatest_ < kOfBody && plate_explains(frame); });
  mend(
      frame, 1, [&](int cell) { return least_[cell] < kSure; },
      [&] { return patch_least_ > kDoubt && patch_.size() < grid_.cells(); });
}

}  // namespace matting
