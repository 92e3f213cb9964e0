#include "projection/colour_cells.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/pixel_rows.hpp"
#include "engine/threads.hpp"
#include "image/frame_part.hpp"
#include "image/pixel_rows.hpp"

namespace matting {
namespace {

constexpr float kSureSubject = 0.95f, kSureBackground = 0.03f;

// Cells: how far around colours are gathered, as a Gaussian.
constexpr float kSigma = 2.5f;
constexpr int kRadius = 8;
constexpr float kLeastWeight = 1e-9f;  // what was gathered of nothing

using Taps = std::array<float, kRadius + 1>;

Taps gaussian() {
  Taps taps;
  float sum = 0;
  for (int i = 0; i <= kRadius; ++i) {
    taps[i] = std::exp(-0.5f * i * i / (kSigma * kSigma));
    sum += i == 0 ? taps[i] : 2 * taps[i];
  }
  for (float& tap : taps) tap /= sum;
  return taps;
}

const Taps& taps() {
  static const Taps values = gaussian();
  return values;
}

}  // namespace

void ColourCells::resize(int width, int height) {
  if (grid_.is_for(width, height)) return;
  grid_ = CellGrid::of(width, height);
  const std::size_t cells = grid_.cells();
  states_.resize(cells);
  near_.resize(cells);
  row_is_near_.resize(rows());
  for (auto& plane : sums_) plane.resize(cells);
  for (auto& plane : smoothed_) plane.resize(cells);
  for (auto& plane : planes_) plane.resize(cells);
}

void ColourCells::classify(const ImageView& alpha, int y, float* memory) {
  float* const least = memory + grid_.width;
  float* const greatest = least + columns();
  alpha_ranges(alpha, grid_, y, memory, least, greatest);
  for (int x = 0; x < columns(); ++x) {
    State state = kSoft;
    if (least[x] >= kSureSubject) state = kSubject;
    if (greatest[x] <= kSureBackground) state = kBackground;
    states_[grid_.index(y) + x] = state;
  }
}

// Soft cells reach to their neighbours, with half the weight to each side; what lies around them is
// near.
void ColourCells::find_reach() {
  std::fill(near_.begin(), near_.end(), 0);
  std::fill(row_is_near_.begin(), row_is_near_.end(), 0);
  std::fill(planes_[kReach].begin(), planes_[kReach].end(), 0.0f);
  for (int y = 0; y < rows(); ++y) {
    for (int x = 0; x < columns(); ++x) {
      if (states_[grid_.index(y) + x] != kSoft) continue;
      for (int dy = -1; dy <= 1; ++dy) {
        for (int dx = -1; dx <= 1; ++dx) {
          if (y + dy < 0 || y + dy >= rows() || x + dx < 0 || x + dx >= columns()) continue;
          float& reach = planes_[kReach][grid_.index(y + dy) + x + dx];
          reach = std::min(1.0f, reach + (dx == 0 ? 0.5f : 0.25f) * (dy == 0 ? 1.0f : 0.5f));
        }
      }
      const int left = std::max(0, x - kRadius - 1), right = std::min(columns(), x + kRadius + 2);
      const int bottom = std::min(rows(), y + kRadius + 2);
      for (int row = std::max(0, y - kRadius - 1); row < bottom; ++row) {
        std::fill(near_.begin() + grid_.index(row) + left, near_.begin() + grid_.index(row) + right,
                  1);
        row_is_near_[row] = 1;
      }
    }
  }
}

// Sums over one line of a cell; on the background, of image minus plate.
void ColourCells::add_line(State state, std::size_t cell, const RgbRow& image, const RgbRow& plate,
                           int x) {
  const float share = 1.0f / static_cast<float>(side() * side());
  const float minus = state == kBackground ? 1.0f : 0.0f;
  float sums[kSumsOfEach - 1] = {};
  for (int i = x; i < x + side(); ++i) {
    const float red = image.red[i] - minus * plate.red[i];
    const float green = image.green[i] - minus * plate.green[i];
    const float blue = image.blue[i] - minus * plate.blue[i];
    const float values[] = {red,        green,         blue,         red * red,  red * green,
                            red * blue, green * green, green * blue, blue * blue};
    for (int s = 0; s < kSumsOfEach - 1; ++s) sums[s] += values[s];
  }
  auto* const planes = sums_ + (state == kBackground ? kSumsOfEach : 0);
  for (int s = 0; s < kSumsOfEach - 1; ++s) planes[s][cell] += sums[s] * share;
  planes[kSumsOfEach - 1][cell] = 1;
}

void ColourCells::gather(const Frame& frame, int y, float* memory) {
  for (auto& plane : sums_) std::fill_n(plane.begin() + grid_.index(y), columns(), 0.0f);
  const engine::Kernels& kernels = engine::process_kernels();
  const auto wanted = [&](int x) {
    return near_[grid_.index(y) + x] != 0 && states_[grid_.index(y) + x] != kSoft;
  };
  for (int first = 0, last; first < columns(); first = last) {
    last = first + 1;
    if (!wanted(first)) continue;
    while (last < columns() && wanted(last)) ++last;
    const int width = (last - first) * side();
    const RgbRow image = {memory, memory + width, memory + 2 * width};
    const RgbRow plate = {memory + 3 * width, memory + 4 * width, memory + 5 * width};
    const Frame part = part_of(frame, {first * side(), y * side(), width, side()});
    for (int line = 0; line < side(); ++line) {
      engine::read_rgb_row(kernels, part.image, line, image);
      engine::read_rgb_row(kernels, part.plate, line, plate);
      for (int x = first; x < last; ++x) {
        const std::size_t cell = grid_.index(y) + x;
        add_line(states_[cell], cell, image, plate, (x - first) * side());
      }
    }
  }
}

void ColourCells::smooth_across(int y) {
  if (!row_is_near_[y]) return;
  const Taps& weights = taps();
  for (int s = 0; s < kSums; ++s) {
    const float* in = sums_[s].data() + grid_.index(y);
    float* out = smoothed_[s].data() + grid_.index(y);
    std::fill_n(out, columns(), 0.0f);
    for (int d = -kRadius; d <= kRadius; ++d) {
      const float weight = weights[std::abs(d)];
      const int last = std::min(columns(), columns() - d);
      for (int x = std::max(0, -d); x < last; ++x) out[x] += weight * in[x + d];
    }
  }
}

void ColourCells::smooth_down(int y) {
  const Taps& weights = taps();
  const float* reach = planes_[kReach].data() + grid_.index(y);
  if (std::all_of(reach, reach + columns(), [](float value) { return value <= 0; })) return;
  for (int s = 0; s < kSums; ++s) {
    float* out = sums_[s].data() + grid_.index(y);
    std::fill_n(out, columns(), 0.0f);
    for (int d = std::max(-kRadius, -y); d <= std::min(kRadius, rows() - 1 - y); ++d) {
      if (!row_is_near_[y + d]) continue;
      const float* in = smoothed_[s].data() + grid_.index(y + d);
      const float weight = weights[std::abs(d)];
      for (int x = 0; x < columns(); ++x) out[x] += weight * in[x];
    }
  }
}

void ColourCells::normalize(int first_sum, int colour, int spread, std::size_t cell) {
  const float weight = sums_[first_sum + kSumsOfEach - 1][cell];
  if (weight < kLeastWeight) planes_[kReach][cell] = 0;
  const float scale = 1 / std::max(weight, kLeastWeight);
  int sum = first_sum;
  for (int c = 0; c < 3; ++c, ++sum) planes_[colour + c][cell] = scale * sums_[sum][cell];
  for (int c = 0; c < 3; ++c) {
    for (int other = c; other < 3; ++other, ++sum, ++spread) {
      planes_[spread][cell] =
          scale * sums_[sum][cell] - planes_[colour + c][cell] * planes_[colour + other][cell];
    }
  }
}

void ColourCells::normalize(int y) {
  for (int x = 0; x < columns(); ++x) {
    normalize(0, kSubjectColour, kSubjectSpread, grid_.index(y) + x);
    normalize(kSumsOfEach, kPlateError, kErrorSpread, grid_.index(y) + x);
  }
}

void ColourCells::measure(const Frame& frame) {
  resize(frame.image.width, frame.image.height);
  memory_.resize(engine::team_size());
  for (auto& memory : memory_) memory.resize(6 * static_cast<std::size_t>(grid_.width));
  engine::parallel_for(
      rows(), [&](int y, int thread) { classify(frame.alpha, y, memory_[thread].data()); });
  find_reach();
  engine::parallel_for(rows(), [&](int y, int thread) {
    gather(frame, y, memory_[thread].data());
    smooth_across(y);
  });
  engine::parallel_for(rows(), [&](int y, int) {
    smooth_down(y);
    normalize(y);
  });
}

// Reach is interpolated between the middles of cells: a cell is within it if it or a neighbour is.
ColourCells::Run ColourCells::next_run(int y, int first) const {
  const auto within = [&](int x) {
    for (int row = std::max(0, y - 1); row <= std::min(rows() - 1, y + 1); ++row) {
      const float* reach = this->row(kReach, row);
      for (int i = std::max(0, x - 1); i <= std::min(columns() - 1, x + 1); ++i) {
        if (reach[i] > 0) return true;
      }
    }
    return false;
  };
  while (first < columns() && !within(first)) ++first;
  int last = first;
  while (last < columns() && within(last)) ++last;
  return {first, last};
}

}  // namespace matting
