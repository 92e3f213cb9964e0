#include "projection/added_detail.hpp"

#include <cmath>
#include <numeric>

#include "engine/pixel_rows.hpp"
#include "image/pixel_rows.hpp"

namespace matting {
namespace {

constexpr int kChannels = 3;
constexpr float kNoise = 1.5e-3f;  // |d|^2 that says nothing, channels in 0..1
constexpr float kDark = 1e-3f;  // of the plate's squares: what is as dark has no light to compare

float square(float value) {
  return value * value;
}

// Least squares.
float factor_of_light(const float* image, const float* plate, std::size_t values) {
  float product = kDark, squares = kDark;
  for (std::size_t i = 0; i < values; ++i) {
    product += image[i] * plate[i];
    squares += square(plate[i]);
  }
  return product / squares;
}

// Of squares of second differences.
struct Sums {
  // Of `count` values in a row; the two neighbours of each are `step` before and behind it.
  void add(const float* image, const float* plate, int count, int step, float light) {
    const auto bend = [step](const float* value) {
      return value[-step] - 2 * *value + value[step];
    };
    for (int i = 0; i < count; ++i) {
      const float of_plate = light * bend(plate + i);
      added += square(bend(image + i) - of_plate);
      own += square(of_plate);
    }
    values += count;
  }

  float added = 0, own = 0;
  int values = 0;
};

float mean(const float* values, std::size_t count) {
  return std::accumulate(values, values + count, 0.0f) / static_cast<float>(count);
}

// Both: three planes of so many pixels.
float tint(const float* image, const float* plate, float light, std::size_t pixels) {
  float squares = 0;
  for (int c = 0; c < kChannels; ++c, image += pixels, plate += pixels) {
    squares += square(mean(image, pixels) - light * mean(plate, pixels));
  }
  return std::sqrt(squares / kChannels);
}

}  // namespace

Compared AddedDetail::of(const Frame& part, int step) {
  const int width = part.image.width, height = part.image.height;
  if (width <= 2 * step || height <= 2 * step) return {};
  const std::size_t pixels = static_cast<std::size_t>(width) * height;
  values_.resize(2 * kChannels * pixels);
  float* const image = values_.data();
  float* const plate = image + kChannels * pixels;
  const engine::Kernels& kernels = engine::process_kernels();
  for (int y = 0; y < height; ++y) {
    engine::read_rgb_row(kernels, part.image, y, rgb_planes(image, pixels).from(y * width));
    engine::read_rgb_row(kernels, part.plate, y, rgb_planes(plate, pixels).from(y * width));
  }
  const float light = factor_of_light(image, plate, kChannels * pixels);
  Sums sums;
  for (int c = 0; c < kChannels; ++c) {
    const std::size_t first = c * pixels;
    for (int y = 0; y < height; ++y) {
      const std::size_t row = first + static_cast<std::size_t>(y) * width;
      sums.add(image + row + step, plate + row + step, width - 2 * step, step, light);
      if (y < step || y + step >= height) continue;
      sums.add(image + row, plate + row, width, step * width, light);
    }
  }
  const float noise = kNoise * static_cast<float>(sums.values) / kChannels;
  return {sums.added / (noise + sums.own), tint(image, plate, light, pixels)};
}

}  // namespace matting
