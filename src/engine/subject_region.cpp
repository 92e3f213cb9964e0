#include "engine/subject_region.hpp"

#include <algorithm>
#include <cmath>

#include "engine/pixel_rows.hpp"
#include "engine/threads.hpp"

namespace matting::engine {
namespace {

constexpr int kBlock = 16;       // pixels, side of what is compared
constexpr int kRowStep = 4;      // one row in four is read: 64 pixels of a block
constexpr int kStep = 64;        // pixels: positions and sizes of rectangles
constexpr int kLeastSide = 256;  // pixels, of what the network sees: less would leave no context
// Mean difference of a block, of its most differing colour: above a camera's noise and a codec's,
// below what a subject makes.
constexpr float kDifference = 12.0f / 255;

int blocks(int side) {
  return (side + kBlock - 1) / kBlock;
}

// [first, last) widened by margin to at least `least`, in steps, within [0, side).
void widen(int first, int last, int margin, int side, int* begin, int* length) {
  const int wanted = std::max(last - first + 2 * margin, std::min(kLeastSide, side));
  const int from = (first + last - wanted) / 2;
  const int begin_step = std::max(0, from) / kStep * kStep;
  const int end = std::min(side, (std::min(side, from + wanted) + kStep - 1) / kStep * kStep);
  *begin = begin_step;
  *length = end - begin_step;
}

// `length` grown to `kept` where that holds it and is at most `most` times as long.
int keep_length(int length, int kept, double most) {
  return kept >= length && kept <= most * length ? kept : length;
}

}  // namespace

PixelRegion SubjectRegion::choose(const ImageView& image, const ImageView& plate, double margin) {
  constexpr double kMostSlack = 1.5;
  if (plate.generation != plate_generation_) width_ = height_ = 0;
  plate_generation_ = plate.generation;
  const PixelRegion subject = differing(image, plate);
  if (subject.empty()) return {};
  const int pixels = static_cast<int>(std::ceil(margin * std::max(image.width, image.height)));
  PixelRegion region;
  widen(subject.x, subject.x + subject.width, pixels, image.width, &region.x, &region.width);
  widen(subject.y, subject.y + subject.height, pixels, image.height, &region.y, &region.height);
  width_ = keep_length(region.width, std::min(width_, image.width), kMostSlack);
  height_ = keep_length(region.height, std::min(height_, image.height), kMostSlack);
  region.width = width_;
  region.height = height_;
  region.x = std::min(region.x, image.width - width_);
  region.y = std::min(region.y, image.height - height_);
  return region;
}

PixelRegion SubjectRegion::differing(const ImageView& image, const ImageView& plate) {
  const int columns = blocks(image.width), rows = blocks(image.height);
  differs_.assign(static_cast<std::size_t>(columns) * rows, 0);
  memory_.resize(team_size());
  for (auto& memory : memory_) memory.resize(6 * (image.width + kSlack) + 3 * columns);
  parallel_for(rows, [&](int row, int thread) { measure_row(image, plate, row, thread); });
  int left = columns, right = 0, top = rows, bottom = 0;
  for (int row = 0; row < rows; ++row) {
    for (int column = 0; column < columns; ++column) {
      if (!differs_[static_cast<std::size_t>(row) * columns + column]) continue;
      left = std::min(left, column);
      right = std::max(right, column + 1);
      top = std::min(top, row);
      bottom = row + 1;
    }
  }
  if (right == 0) return {};
  return {left * kBlock, top * kBlock, std::min(right * kBlock, image.width) - left * kBlock,
          std::min(bottom * kBlock, image.height) - top * kBlock};
}

void SubjectRegion::measure_row(const ImageView& image, const ImageView& plate, int block_row,
                                int thread) {
  const int width = image.width, pitch = width + kSlack, columns = blocks(width);
  float* const storage = memory_[thread].data();
  float* const sums = storage + 6 * pitch;
  std::fill_n(sums, 3 * columns, 0.0f);
  const int end = std::min((block_row + 1) * kBlock, image.height);
  int lines = 0;
  for (int y = block_row * kBlock; y < end; y += kRowStep, ++lines) {
    const RgbPlanes a = read_rgb(kernels_, image, 0, y, width, storage, pitch);
    const RgbPlanes b = read_rgb(kernels_, plate, 0, y, width, storage + 3 * pitch, pitch);
    for (int c = 0; c < 3; ++c) {
      for (int x = 0; x < width; ++x) {
        sums[c * columns + x / kBlock] += std::abs(a.plane[c][x] - b.plane[c][x]);
      }
    }
  }
  for (int column = 0; column < columns; ++column) {
    const int pixels = lines * std::min(kBlock, width - column * kBlock);
    const float most = std::max({sums[column], sums[columns + column], sums[2 * columns + column]});
    differs_[static_cast<std::size_t>(block_row) * columns + column] =
        most > kDifference * static_cast<float>(pixels);
  }
}

}  // namespace matting::engine
