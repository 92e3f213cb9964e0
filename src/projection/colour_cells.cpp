#include "projection/colour_cells.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/threads.hpp"
#include "image/frame_part.hpp"
#include "image/pixel_rows.hpp"

namespace matting {
namespace {

constexpr int kCellsALongSide = 320;
constexpr float kSureSubject = 0.95f, kSureBackground = 0.03f;

// Cells: how far around colours are gathered, as a Gaussian.
constexpr float kSigma = 2.5f;
constexpr int kRadius = 8;
constexpr float kLeastWeight = 1e-3f;  // of what was gathered, for a colour to be known

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

// Indices of sums_.
enum Sum {
  kSubjectColour,  // and the two behind it
  kSubjectSquare = 3,
  kSubjectWeight,
  kPlateError,  // and the two behind it
  kErrorSquare = 8,
  kBackgroundWeight
};

struct Range {
  float least = 1, most = 0;
};

template <typename Value>
Range range_of(const ImageView& alpha, int first_x, int first_y, int side) {
  int least = 65535, most = 0;
  for (int y = first_y; y < first_y + side; ++y) {
    const Value* row = reinterpret_cast<const Value*>(alpha.row(y));
    for (int x = first_x; x < first_x + side; ++x) {
      least = std::min<int>(least, row[x]);
      most = std::max<int>(most, row[x]);
    }
  }
  const float full = sizeof(Value) == 1 ? 255.0f : 65535.0f;
  return {least / full, most / full};
}

}  // namespace

void ColourCells::resize(int width, int height) {
  if (width == width_ && height == height_) return;
  width_ = width;
  height_ = height;
  side_ =
      std::max(1, static_cast<int>(std::lround(std::max(width, height) / double{kCellsALongSide})));
  side_ = std::min({side_, width, height});
  columns_ = width / side_;
  rows_ = height / side_;
  const std::size_t cells = index(rows_);
  states_.resize(cells);
  near_.resize(cells);
  for (auto& plane : sums_) plane.resize(cells);
  for (auto& plane : smoothed_) plane.resize(cells);
  for (auto& plane : planes_) plane.resize(cells);
}

void ColourCells::classify(const Frame& frame, int y) {
  const ImageView alpha = frame.alpha;
  const bool wide = channel_bytes(alpha.format) == 2;
  for (int x = 0; x < columns_; ++x) {
    const Range range = wide ? range_of<std::uint16_t>(alpha, x * side_, y * side_, side_)
                             : range_of<std::uint8_t>(alpha, x * side_, y * side_, side_);
    State state = kSoft;
    if (range.least >= kSureSubject) state = kSubject;
    if (range.most <= kSureBackground) state = kBackground;
    states_[index(y) + x] = state;
  }
}

// Soft cells reach to their neighbours, with half the weight to each side; what lies around them is
// near.
void ColourCells::find_reach() {
  std::fill(near_.begin(), near_.end(), 0);
  std::fill(planes_[kReach].begin(), planes_[kReach].end(), 0.0f);
  for (int y = 0; y < rows_; ++y) {
    for (int x = 0; x < columns_; ++x) {
      if (states_[index(y) + x] != kSoft) continue;
      for (int dy = -1; dy <= 1; ++dy) {
        for (int dx = -1; dx <= 1; ++dx) {
          if (y + dy < 0 || y + dy >= rows_ || x + dx < 0 || x + dx >= columns_) continue;
          float& reach = planes_[kReach][index(y + dy) + x + dx];
          reach = std::min(1.0f, reach + (dx == 0 ? 0.5f : 0.25f) * (dy == 0 ? 1.0f : 0.5f));
        }
      }
      const int left = std::max(0, x - kRadius - 1), right = std::min(columns_, x + kRadius + 2);
      const int bottom = std::min(rows_, y + kRadius + 2);
      for (int row = std::max(0, y - kRadius - 1); row < bottom; ++row) {
        std::fill(near_.begin() + index(row) + left, near_.begin() + index(row) + right, 1);
      }
    }
  }
}

void ColourCells::gather_cell(const Frame& frame, int x, int y, float* pixels) {
  const std::size_t at = index(y) + x;
  const State state = states_[at];
  const Frame part = part_of(frame, {x * side_, y * side_, side_, side_});
  const RgbRow image = {pixels, pixels + side_, pixels + 2 * side_};
  const RgbRow plate = {pixels + 3 * side_, pixels + 4 * side_, pixels + 5 * side_};
  float sums[4] = {0, 0, 0, 0};
  for (int line = 0; line < side_; ++line) {
    read_rgb_row(part.image, line, image);
    if (state == kBackground) {
      read_rgb_row(part.plate, line, plate);
      for (int i = 0; i < 3 * side_; ++i) pixels[i] -= pixels[3 * side_ + i];
    }
    for (int c = 0; c < 3; ++c) {
      for (int i = 0; i < side_; ++i) {
        const float value = pixels[c * side_ + i];
        sums[c] += value;
        sums[3] += value * value;
      }
    }
  }
  const int first = state == kSubject ? kSubjectColour : kPlateError;
  for (int i = 0; i < 4; ++i) sums_[first + i][at] = sums[i] / static_cast<float>(side_ * side_);
  sums_[first + 4][at] = 1;
}

void ColourCells::gather(const Frame& frame, int y, float* pixels) {
  for (auto& plane : sums_) std::fill_n(plane.begin() + index(y), columns_, 0.0f);
  for (int x = 0; x < columns_; ++x) {
    const std::size_t at = index(y) + x;
    if (near_[at] && states_[at] != kSoft) gather_cell(frame, x, y, pixels);
  }
}

void ColourCells::smooth_across(int y) {
  const Taps& weights = taps();
  for (int s = 0; s < kSums; ++s) {
    const float* in = sums_[s].data() + index(y);
    float* out = smoothed_[s].data() + index(y);
    std::fill_n(out, columns_, 0.0f);
    for (int d = -kRadius; d <= kRadius; ++d) {
      const float weight = weights[std::abs(d)];
      const int last = std::min(columns_, columns_ - d);
      for (int x = std::max(0, -d); x < last; ++x) out[x] += weight * in[x + d];
    }
  }
}

void ColourCells::smooth_down(int y) {
  const Taps& weights = taps();
  for (int s = 0; s < kSums; ++s) {
    float* out = sums_[s].data() + index(y);
    std::fill_n(out, columns_, 0.0f);
    for (int d = std::max(-kRadius, -y); d <= std::min(kRadius, rows_ - 1 - y); ++d) {
      const float* in = smoothed_[s].data() + index(y + d);
      const float weight = weights[std::abs(d)];
      for (int x = 0; x < columns_; ++x) out[x] += weight * in[x];
    }
  }
}

void ColourCells::normalize(int y) {
  for (int x = 0; x < columns_; ++x) {
    const std::size_t at = index(y) + x;
    const float subject = sums_[kSubjectWeight][at], background = sums_[kBackgroundWeight][at];
    if (subject < kLeastWeight || background < kLeastWeight) planes_[kReach][at] = 0;
    float colour_square = 0, error_square = 0;
    for (int c = 0; c < 3; ++c) {
      const float colour = sums_[kSubjectColour + c][at] / std::max(subject, kLeastWeight);
      const float error = sums_[kPlateError + c][at] / std::max(background, kLeastWeight);
      planes_[kRed + c][at] = colour;
      planes_[kRedError + c][at] = error;
      colour_square += colour * colour;
      error_square += error * error;
    }
    planes_[kSubjectVariance][at] =
        std::max(0.0f, sums_[kSubjectSquare][at] / std::max(subject, kLeastWeight) - colour_square);
    planes_[kBackgroundVariance][at] =
        std::max(0.0f, sums_[kErrorSquare][at] / std::max(background, kLeastWeight) - error_square);
  }
}

void ColourCells::measure(const Frame& frame) {
  resize(frame.image.width, frame.image.height);
  pixels_.resize(engine::team_size());
  for (auto& memory : pixels_) memory.resize(6 * static_cast<std::size_t>(side_));
  engine::parallel_for(rows_, [&](int y, int) { classify(frame, y); });
  find_reach();
  engine::parallel_for(rows_, [&](int y, int thread) {
    gather(frame, y, pixels_[thread].data());
    smooth_across(y);
  });
  engine::parallel_for(rows_, [&](int y, int) {
    smooth_down(y);
    normalize(y);
  });
}

// Reach is interpolated between the middles of cells: a cell is within it if it or a neighbour is.
ColourCells::Run ColourCells::next_run(int y, int first) const {
  const auto within = [&](int x) {
    for (int row = std::max(0, y - 1); row <= std::min(rows_ - 1, y + 1); ++row) {
      const float* reach = this->row(kReach, row);
      for (int i = std::max(0, x - 1); i <= std::min(columns_ - 1, x + 1); ++i) {
        if (reach[i] > 0) return true;
      }
    }
    return false;
  };
  while (first < columns_ && !within(first)) ++first;
  int last = first;
  while (last < columns_ && within(last)) ++last;
  return {first, last};
}

}  // namespace matting
