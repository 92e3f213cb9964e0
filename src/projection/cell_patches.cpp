#include "projection/cell_patches.hpp"

#include "engine/pixel_rows.hpp"
#include "engine/threads.hpp"
#include "image/frame_part.hpp"

namespace matting {
namespace {

// What the mask says of row y goes before what anybody has found out.
void keep_to_mask(const Frame& part, int y, float* alpha) {
  if (part.mask.empty()) return;
  const std::uint8_t* mask = part.mask.row(y);
  for (int x = 0; x < part.mask.width; ++x) {
    if (mask[x] == 0) alpha[x] = 0;
    if (mask[x] == 255) alpha[x] = 1;
  }
}

}  // namespace

void CellPatches::begin(const Frame& frame) {
  const int width = frame.image.width, height = frame.image.height;
  if (!grid_.is_for(width, height)) {
    grid_ = CellGrid::of(width, height);
    for (auto* plane : {&least_, &greatest_}) plane->resize(grid_.cells());
    for (auto* plane : {&marked_, &taken_}) plane->resize(grid_.cells());
    const int widest = 2 * grid_.side;  // the last cell of a row
    pixels_.resize(kPlanes * static_cast<std::size_t>(widest));
    composite_.emplace(widest);
  }
  memory_.resize(static_cast<std::size_t>(engine::team_size()));
  for (auto& memory : memory_) memory.resize(static_cast<std::size_t>(width));
  engine::parallel_for(grid_.rows, [&](int y, int thread) {
    const std::size_t first = grid_.index(y);
    alpha_ranges(frame.alpha, grid_, y, memory_[static_cast<std::size_t>(thread)].data(),
                 least_.data() + first, greatest_.data() + first);
  });
}

// The patch of that cell into patch_.
void CellPatches::collect(int first_cell) {
  patch_.assign(1, first_cell);
  taken_[first_cell] = 1;
  for (std::size_t i = 0; i < patch_.size(); ++i) {
    for_cells_around(patch_[i], 1, [this](int other) {
      if (!marked_[other] || taken_[other]) return;
      taken_[other] = 1;
      patch_.push_back(other);
    });
  }
}

void CellPatches::settle(const Frame& frame, const Cells& cells, float new_alpha) {
  const engine::Kernels& kernels = engine::process_kernels();
  const std::size_t pitch = pixels_.size() / kPlanes;
  float* const values = pixels_.data();
  const RgbRow image = {values, values + pitch, values + 2 * pitch};
  float* const alpha = values + 3 * pitch;
  for (const int cell : cells) {
    least_[cell] = greatest_[cell] = new_alpha;
    const Frame part = part_of(frame, pixels(cell));
    for (int y = 0; y < part.image.height; ++y) {
      std::fill_n(alpha, pitch, new_alpha);
      keep_to_mask(part, y, alpha);
      write_gray_row(part.alpha, y, alpha);
      engine::read_rgb_row(kernels, part.image, y, image);
      if (!part.foreground.empty()) write_rgb_row(part.foreground, y, image, nullptr);
      if (!part.composite.empty()) composite_->write(part, y, alpha, image);
    }
  }
}

void CellPatches::raise(const Frame& frame, int cell, float share, int thread) {
  const auto raised = [share](float alpha) { return alpha + share * (1 - alpha); };
  float* const alpha = memory_[static_cast<std::size_t>(thread)].data();
  const Frame part = part_of(frame, pixels(cell));
  for (int y = 0; y < part.alpha.height; ++y) {
    read_first_channel_row(part.alpha, y, alpha);
    for (int x = 0; x < part.alpha.width; ++x) alpha[x] = raised(alpha[x]);
    keep_to_mask(part, y, alpha);
    write_gray_row(part.alpha, y, alpha);
  }
  least_[cell] = raised(least_[cell]);
  greatest_[cell] = raised(greatest_[cell]);
}

}  // namespace matting
