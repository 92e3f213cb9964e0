#include "projection/cell_patches.hpp"

#include <cmath>

#include "engine/composite.hpp"
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
    pixels_.resize((kPlanes + engine::kCompositePlanes) * static_cast<std::size_t>(widest));
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
  const std::size_t pitch = pixels_.size() / (kPlanes + engine::kCompositePlanes);
  float* const values = pixels_.data();
  const RgbRow image = rgb_planes(values, pitch);
  const float* const colours[3] = {image.red, image.green, image.blue};
  float* const alpha = values + 3 * pitch;
  float* const composite = values + kPlanes * pitch;
  for (const int cell : cells) {
    least_[cell] = greatest_[cell] = new_alpha;
    const Frame part = part_of(frame, pixels(cell));
    for (int y = 0; y < part.image.height; ++y) {
      std::fill_n(alpha, pitch, new_alpha);
      keep_to_mask(part, y, alpha);
      engine::write_gray_row(kernels, part.alpha, y, alpha);
      engine::read_rgb_row(kernels, part.image, y, image);
      if (!part.foreground.empty()) engine::write_rgb_row(kernels, part.foreground, y, image);
      if (!part.composite.empty()) {
        engine::write_composite(kernels, part, 0, y, part.image.width, alpha, colours, composite,
                                static_cast<int>(pitch));
      }
    }
  }
}

// Of a cell and its eight neighbours, row by row.
struct CellPatches::Shares {
  Shares(const std::vector<float>& shares, const CellGrid& grid, int column, int row) {
    const float own = shares[grid.index(row) + column];
    for (int y = 0; y < 3; ++y) {
      const int at_y = std::clamp(row + y - 1, 0, grid.rows - 1);
      for (int x = 0; x < 3; ++x) {
        const int at_x = std::clamp(column + x - 1, 0, grid.columns - 1);
        const float share = shares[grid.index(at_y) + at_x];
        of[y][x] = share < 0 ? own : share;
        greatest = std::max(greatest, of[y][x]);
      }
    }
  }

  // right, down: from the middle of the cell, in cells; -0.5 to 0.5.
  float at(float right, float down) const {
    const int x = right < 0 ? 0 : 2, y = down < 0 ? 0 : 2;
    const float across = std::abs(right), along = std::abs(down);
    const float here = of[1][1] + (of[1][x] - of[1][1]) * across;
    const float next = of[y][1] + (of[y][x] - of[y][1]) * across;
    return here + (next - here) * along;
  }

  float of[3][3];
  float greatest = 0;
};

void CellPatches::raise_cell(const Frame& part, int cell, const Shares& shares, float* alpha) {
  const auto from_middle = [this](int pixel) {
    return std::min((static_cast<float>(pixel) + 0.5f) / static_cast<float>(grid_.side), 1.0f) -
           0.5f;
  };
  const engine::Kernels& kernels = engine::process_kernels();
  float least = 1, greatest = 0;
  for (int y = 0; y < part.alpha.height; ++y) {
    engine::read_gray_row(kernels, part.alpha, y, alpha);
    const float down = from_middle(y);
    for (int x = 0; x < part.alpha.width; ++x) {
      alpha[x] += shares.at(from_middle(x), down) * (1 - alpha[x]);
    }
    keep_to_mask(part, y, alpha);
    engine::write_gray_row(kernels, part.alpha, y, alpha);
    const auto range = std::minmax_element(alpha, alpha + part.alpha.width);
    least = std::min(least, *range.first);
    greatest = std::max(greatest, *range.second);
  }
  least_[cell] = least;
  greatest_[cell] = greatest;
}

void CellPatches::raise(const Frame& frame, const std::vector<float>& shares) {
  engine::parallel_for(grid_.rows, [&](int row, int thread) {
    for (int column = 0; column < grid_.columns; ++column) {
      const int cell = row * grid_.columns + column;
      if (shares[cell] < 0) continue;
      const Shares around(shares, grid_, column, row);
      if (around.greatest <= 0) continue;
      raise_cell(part_of(frame, pixels(cell)), cell, around,
                 memory_[static_cast<std::size_t>(thread)].data());
    }
  });
}

}  // namespace matting
