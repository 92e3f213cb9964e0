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

constexpr float kSureSubject = 0.95f, kSureBackground = 0.03f;  // of the network
constexpr float kFoundSubject = 0.9f, kFoundBackground = 0.1f;  // of an estimate

constexpr float kLeastAlpha = 0.05f;   // under which a pixel tells nothing of the subject's colour
constexpr float kLeastWeight = 1e-9f;  // what was gathered of nothing

// Cells: how far around colours are gathered.
constexpr int kRadius = 8;
constexpr float kFarSigma = 2.5f, kNearSigma = 1;

struct Taps {
  explicit Taps(float sigma) {
    float sum = 0;
    for (int i = 0; i <= kRadius; ++i) {
      const auto distance = static_cast<float>(i);
      of[i] = std::exp(-0.5f * distance * distance / (sigma * sigma));
      if (of[i] < 1e-4f) of[i] = 0;
      if (of[i] > 0) radius = i;
      sum += i == 0 ? of[i] : 2 * of[i];
    }
    for (float& tap : of) tap /= sum;
  }
  std::array<float, kRadius + 1> of;
  int radius = 0;
};

const Taps& taps(ColourCells::Around around) {
  static const Taps far(kFarSigma), near(kNearSigma);
  return around == ColourCells::kFar ? far : near;
}

float to_the_16th(float x) {
  for (int i = 0; i < 4; ++i) x *= x;
  return x;
}

float clamp01(float x) {
  return std::min(std::max(x, 0.0f), 1.0f);
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

// of_range(cell's index, its least alpha, its greatest), for all cells, on all threads.
template <class OfRange>
void ColourCells::for_ranges(const ImageView& alpha, const OfRange& of_range) {
  engine::parallel_for(rows(), [&](int y, int thread) {
    float* const memory = memory_[static_cast<std::size_t>(thread)].data();
    float* const least = memory + grid_.width;
    float* const greatest = least + columns();
    alpha_ranges(alpha, grid_, y, memory, least, greatest);
    for (int x = 0; x < columns(); ++x) of_range(grid_.index(y) + x, least[x], greatest[x]);
  });
}

void ColourCells::begin(const Frame& frame) {
  resize(frame.image.width, frame.image.height);
  memory_.resize(static_cast<std::size_t>(engine::team_size()));
  for (auto& memory : memory_) memory.resize(7 * static_cast<std::size_t>(grid_.width));
  for_ranges(frame.alpha, [this](std::size_t cell, float least, float greatest) {
    states_[cell] = kSoft;
    if (least >= kSureSubject) states_[cell] = kSubject;
    if (greatest <= kSureBackground) states_[cell] = kBackground;
  });
}

void ColourCells::widen(const ImageView& alpha) {
  for_ranges(alpha, [this](std::size_t cell, float least, float greatest) {
    if (least < kFoundSubject && greatest > kFoundBackground) states_[cell] = kSoft;
  });
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

// Pixels of a row, while they are gathered.
struct ColourCells::Line {
  RgbRow image, plate;
  float* alpha;
};

struct ColourCells::Sums {
  void add(float weight, float red, float green, float blue) {
    const float values[kSumsOfEach] = {red,         green,      blue,          red * red,
                                       red * green, red * blue, green * green, green * blue,
                                       blue * blue, 1};
    for (int s = 0; s < kSumsOfEach; ++s) of[s] += weight * values[s];
  }

  float of[kSumsOfEach] = {};
};

void ColourCells::add_sums(int first_sum, std::size_t cell, const Sums& sums) {
  const float share = 1.0f / static_cast<float>(side() * side());
  for (int s = 0; s < kSumsOfEach; ++s) sums_[first_sum + s][cell] += sums.of[s] * share;
}

// Of one line of a cell.
void ColourCells::add_subject(std::size_t cell, const Line& line, int x) {
  const RgbRow &image = line.image, &plate = line.plate;
  Sums sums;
  for (int i = x; i < x + side(); ++i) {
    const float alpha = std::max(line.alpha[i], kLeastAlpha), rest = 1 - alpha;
    const float weight = to_the_16th(line.alpha[i]), scale = 1 / alpha;
    const float red = clamp01(scale * (image.red[i] - rest * plate.red[i]));
    const float green = clamp01(scale * (image.green[i] - rest * plate.green[i]));
    const float blue = clamp01(scale * (image.blue[i] - rest * plate.blue[i]));
    sums.add(weight, red, green, blue);
  }
  add_sums(0, cell, sums);
}

void ColourCells::add_error(std::size_t cell, const Line& line, int x) {
  const RgbRow &image = line.image, &plate = line.plate;
  Sums sums;
  for (int i = x; i < x + side(); ++i) {
    sums.add(1, image.red[i] - plate.red[i], image.green[i] - plate.green[i],
             image.blue[i] - plate.blue[i]);
  }
  add_sums(kSumsOfEach, cell, sums);
}

void ColourCells::gather(const Frame& frame, const ImageView& alpha, int y, float* memory) {
  for (auto& plane : sums_) std::fill_n(plane.begin() + grid_.index(y), columns(), 0.0f);
  const engine::Kernels& kernels = engine::process_kernels();
  const auto wanted = [&](int x) { return near_[grid_.index(y) + x] != 0; };
  for (int first = 0, last; first < columns(); first = last) {
    last = first + 1;
    if (!wanted(first)) continue;
    while (last < columns() && wanted(last)) ++last;
    const int width = (last - first) * side();
    const auto pitch = static_cast<std::size_t>(width);
    const Line line = {rgb_planes(memory, pitch), rgb_planes(memory + 3 * pitch, pitch),
                       memory + 6 * pitch};
    const PixelRegion region = {first * side(), y * side(), width, side()};
    const Frame part = part_of(frame, region);
    const ImageView known = part_of(alpha, region);
    for (int row = 0; row < side(); ++row) {
      engine::read_rgb_row(kernels, part.image, row, line.image);
      engine::read_rgb_row(kernels, part.plate, row, line.plate);
      engine::read_gray_row(kernels, known, row, line.alpha);
      for (int x = first; x < last; ++x) {
        const std::size_t cell = grid_.index(y) + x;
        const int at = (x - first) * side();
        if (states_[cell] == kBackground) {
          add_error(cell, line, at);
        } else {
          add_subject(cell, line, at);
        }
      }
    }
  }
}

void ColourCells::smooth_across(int y, Around around) {
  if (!row_is_near_[y]) return;
  for (int s = 0; s < kSums; ++s) {
    const Taps& weights = taps(around_of(s, around));
    const float* in = sums_[s].data() + grid_.index(y);
    float* out = smoothed_[s].data() + grid_.index(y);
    std::fill_n(out, columns(), 0.0f);
    for (int d = -weights.radius; d <= weights.radius; ++d) {
      const float weight = weights.of[std::abs(d)];
      const int last = std::min(columns(), columns() - d);
      for (int x = std::max(0, -d); x < last; ++x) out[x] += weight * in[x + d];
    }
  }
}

void ColourCells::smooth_down(int y, Around around) {
  const float* reach = planes_[kReach].data() + grid_.index(y);
  if (std::all_of(reach, reach + columns(), [](float value) { return value <= 0; })) return;
  for (int s = 0; s < kSums; ++s) {
    const Taps& weights = taps(around_of(s, around));
    const int radius = weights.radius;
    float* out = sums_[s].data() + grid_.index(y);
    std::fill_n(out, columns(), 0.0f);
    for (int d = std::max(-radius, -y); d <= std::min(radius, rows() - 1 - y); ++d) {
      if (!row_is_near_[y + d]) continue;
      const float* in = smoothed_[s].data() + grid_.index(y + d);
      const float weight = weights.of[std::abs(d)];
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

void ColourCells::measure(const Frame& frame, const ImageView& alpha, Around around) {
  find_reach();
  engine::parallel_for(rows(), [&](int y, int thread) {
    gather(frame, alpha, y, memory_[static_cast<std::size_t>(thread)].data());
    smooth_across(y, around);
  });
  engine::parallel_for(rows(), [&](int y, int) {
    smooth_down(y, around);
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
