#include "image/planar_frame.hpp"

#include <algorithm>
#include <cstring>
#include <vector>

#include "image/composite.hpp"
#include "image/pixel_rows.hpp"

namespace matting {
namespace {

void repeat_last(float* row, int width, int padded_width) {
  for (int x = width; x < padded_width; ++x) row[x] = row[width - 1];
}

// Floats of one row while it is being finished.
class RowWork {
 public:
  explicit RowWork(int width)
      : composite(width), width_(width), values_(8 * static_cast<std::size_t>(width)) {}
  float* plane(int index) { return values_.data() + static_cast<std::size_t>(index) * width_; }
  RgbRow colour(int index) { return {plane(index), plane(index + 1), plane(index + 2)}; }

  float* alpha() { return plane(0); }
  RgbRow foreground() { return colour(1); }
  RgbRow image() { return colour(4); }
  float* error() { return plane(7); }

  CompositeRow composite;

 private:
  int width_;
  std::vector<float> values_;
};

void apply_mask_row(const Frame& frame, int y, RowWork& row) {
  const std::uint8_t* mask = frame.mask.row(y);
  const RgbRow image = row.image();
  read_rgb_row(frame.image, y, image);
  const RgbRow foreground = row.foreground();
  for (int x = 0; x < frame.image.width; ++x) {
    if (mask[x] == 0) row.alpha()[x] = 0;
    if (mask[x] != 255) continue;
    row.alpha()[x] = 1;
    foreground.red[x] = image.red[x];
    foreground.green[x] = image.green[x];
    foreground.blue[x] = image.blue[x];
  }
}

// Source position of output position i when `input` samples become `output`, centres aligned.
struct Lerp {
  int first, second;
  float weight;  // of second
};
Lerp lerp_at(int i, int input, int output) {
  const float position = std::max(0.0f, (i + 0.5f) * input / output - 0.5f);
  const int first = std::min(static_cast<int>(position), input - 1);
  return {first, std::min(first + 1, input - 1), position - first};
}

void scale_error_row(const PlanarResult& result, int y, const std::vector<Lerp>& columns,
                     float* dst) {
  const Lerp v = lerp_at(y, result.error_height, result.padded_height);
  const float* upper = result.error + std::size_t(v.first) * result.error_width;
  const float* lower = result.error + std::size_t(v.second) * result.error_width;
  for (std::size_t x = 0; x < columns.size(); ++x) {
    const Lerp& h = columns[x];
    const float a = upper[h.first] + (upper[h.second] - upper[h.first]) * h.weight;
    const float b = lower[h.first] + (lower[h.second] - lower[h.first]) * h.weight;
    dst[x] = a + (b - a) * v.weight;
  }
}

void load_row(const float* floats, const std::uint8_t* bytes, std::size_t at, int width,
              float* row) {
  if (bytes == nullptr) {
    std::memcpy(row, floats + at, sizeof(float) * width);
    return;
  }
  constexpr float kStep = 1.0f / 255;
#pragma omp simd
  for (int x = 0; x < width; ++x) row[x] = static_cast<float>(bytes[at + x]) * kStep;
}

void load_result_row(const PlanarResult& result, int y, int width, RowWork& row) {
  const std::size_t at = static_cast<std::size_t>(y) * result.padded_width;
  const std::size_t area = static_cast<std::size_t>(result.padded_width) * result.padded_height;
  load_row(result.alpha, result.alpha_bytes, at, width, row.alpha());
  float* const channels[] = {row.foreground().red, row.foreground().green, row.foreground().blue};
  for (int c = 0; c < 3; ++c) {
    load_row(result.foreground, result.foreground_bytes, c * area + at, width, channels[c]);
  }
}

void write_row(const Frame& frame, int y, RowWork& row) {
  if (!frame.mask.empty()) apply_mask_row(frame, y, row);
  if (!frame.alpha.empty()) write_gray_row(frame.alpha, y, row.alpha());
  if (!frame.foreground.empty()) write_rgb_row(frame.foreground, y, row.foreground(), nullptr);
  if (!frame.composite.empty()) row.composite.write(frame, y, row.alpha(), row.foreground());
}

}  // namespace

void read_planes(const ImageView& view, int padded_width, int padded_height, float* planes) {
  const std::size_t area = static_cast<std::size_t>(padded_width) * padded_height;
#pragma omp parallel for schedule(static)
  for (int y = 0; y < padded_height; ++y) {
    float* red = planes + static_cast<std::size_t>(y) * padded_width;
    const RgbRow row = rgb_planes(red, area);
    read_rgb_row(view, std::min(y, view.height - 1), row);
    repeat_last(row.red, view.width, padded_width);
    repeat_last(row.green, view.width, padded_width);
    repeat_last(row.blue, view.width, padded_width);
  }
}

void write_frame(const PlanarResult& result, const Frame& frame) {
  const int width = frame.image.width;
  std::vector<Lerp> columns(width);
  for (int x = 0; x < width; ++x) columns[x] = lerp_at(x, result.error_width, result.padded_width);
#pragma omp parallel
  {
    RowWork row(width);
#pragma omp for schedule(static)
    for (int y = 0; y < frame.image.height; ++y) {
      load_result_row(result, y, width, row);
      write_row(frame, y, row);
      if (frame.error.empty()) continue;
      scale_error_row(result, y, columns, row.error());
      write_gray_row(frame.error, y, row.error());
    }
  }
}

}  // namespace matting
