#include "projection/plate_comparison.hpp"

#include <cmath>

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
#pragma omp simd reduction(+ : product, squares)
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
    float more = 0, of_light = 0;
#pragma omp simd reduction(+ : more, of_light)
    for (int i = 0; i < count; ++i) {
      const float of_plate = light * bend(plate + i);
      more += square(bend(image + i) - of_plate);
      of_light += square(of_plate);
    }
    added += more;
    own += of_light;
    values += count;
  }

  float added = 0, own = 0;
  int values = 0;
};

float mean(const float* values, std::size_t count) {
  float sum = 0;
#pragma omp simd reduction(+ : sum)
  for (std::size_t i = 0; i < count; ++i) sum += values[i];
  return sum / static_cast<float>(count);
}

}  // namespace

void PlateComparison::read(const Frame& part) {
  width_ = part.image.width;
  height_ = part.image.height;
  pixels_ = static_cast<std::size_t>(width_) * height_;
  values_.resize(2 * kChannels * pixels_);
  float* const of_image = values_.data();
  float* const of_plate = of_image + kChannels * pixels_;
  const engine::Kernels& kernels = engine::process_kernels();
  // Rows of so few pixels lie far from each other: the memory is asked for all of them at once.
  for (int y = 0; y < height_; ++y) {
    __builtin_prefetch(part.image.row(y));
    __builtin_prefetch(part.plate.row(y));
  }
  for (int y = 0; y < height_; ++y) {
    engine::read_rgb_row(kernels, part.image, y, rgb_planes(of_image, pixels_).from(y * width_));
    engine::read_rgb_row(kernels, part.plate, y, rgb_planes(of_plate, pixels_).from(y * width_));
  }
  light_ = factor_of_light(of_image, of_plate, kChannels * pixels_);
}

float PlateComparison::tint() const {
  float squares = 0;
  for (int c = 0; c < kChannels; ++c) {
    const std::size_t first = c * pixels_;
    squares += square(mean(image() + first, pixels_) - light_ * mean(plate() + first, pixels_));
  }
  return std::sqrt(squares / kChannels);
}

float PlateComparison::detail(int step) const {
  if (width_ <= 2 * step || height_ <= 2 * step) return 0;
  Sums sums;
  for (int c = 0; c < kChannels; ++c) {
    for (int y = 0; y < height_; ++y) {
      const std::size_t row = c * pixels_ + static_cast<std::size_t>(y) * width_;
      sums.add(image() + row + step, plate() + row + step, width_ - 2 * step, step, light_);
      if (y < step || y + step >= height_) continue;
      sums.add(image() + row, plate() + row, width_, step * width_, light_);
    }
  }
  const float noise = kNoise * static_cast<float>(sums.values) / kChannels;
  return sums.added / (noise + sums.own);
}

Likeness PlateComparison::likeness() const {
  float images = 0, plates = 0, products = 0;
  for (int c = 0; c < kChannels; ++c) {
    const float* const of_image = image() + c * pixels_;
    const float* const of_plate = plate() + c * pixels_;
    const float mean_image = mean(of_image, pixels_), mean_plate = mean(of_plate, pixels_);
#pragma omp simd reduction(+ : images, plates, products)
    for (std::size_t i = 0; i < pixels_; ++i) {
      const float a = of_image[i] - mean_image, b = of_plate[i] - mean_plate;
      images += a * a;
      plates += b * b;
      products += a * b;
    }
  }
  return {images, plates, products};
}

}  // namespace matting
