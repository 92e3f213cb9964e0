#include "model/agreement.hpp"

#include <algorithm>
#include <cstdlib>

#include "infer_background_matting/error.hpp"

namespace matting {
namespace {

constexpr int kSide = 128;

// A picture with edges, gradients and noise; the same on every machine.
Image make_picture(std::uint32_t seed) {
  Image image(kSide, kSide, PixelFormat::kRgb8);
  std::uint32_t state = seed;
  for (int y = 0; y < kSide; ++y) {
    std::uint8_t* row = image.mutable_view().row(y);
    for (int x = 0; x < 3 * kSide; ++x) {
      state = state * 1664525u + 1013904223u;  // Numerical Recipes, section 7.1
      const bool inside = seed == 1 && y > kSide / 3 && x > kSide && x < 2 * kSide;
      row[x] = static_cast<std::uint8_t>((inside ? 170 : 40 + y / 2) + (state >> 28));
    }
  }
  return image;
}

struct Silent : StageObserver {
  void begin_stage(const char*) override {}
};

struct Matte {
  Image alpha{kSide, kSide, PixelFormat::kGray8};
  Image foreground{kSide, kSide, PixelFormat::kRgb8};
};

Matte run(MattingModel& model, const NetworkSettings& settings) {
  const Image image = make_picture(1), plate = make_picture(2);
  Matte matte;
  Frame frame;
  frame.image = image.view();
  frame.plate = plate.view();
  frame.alpha = matte.alpha.mutable_view();
  frame.foreground = matte.foreground.mutable_view();
  Silent silent;
  model.run(settings, frame, silent);
  return matte;
}

// Sum of absolute differences; raises largest to the largest one.
double add_differences(const Image& first, const Image& second, int& largest) {
  const int width = kSide * channel_count(first.format());
  double sum = 0;
  for (int y = 0; y < kSide; ++y) {
    const std::uint8_t* a = first.view().row(y);
    const std::uint8_t* b = second.view().row(y);
    for (int x = 0; x < width; ++x) {
      const int difference = std::abs(a[x] - b[x]);
      sum += difference;
      largest = std::max(largest, difference);
    }
  }
  return sum;
}

Difference compare(MattingModel& first, MattingModel& second, const NetworkSettings& settings) {
  constexpr double kValues = 4.0 * kSide * kSide;  // alpha and three channels of foreground
  const Matte a = run(first, settings), b = run(second, settings);
  Difference difference;
  difference.mean = (add_differences(a.alpha, b.alpha, difference.largest) +
                     add_differences(a.foreground, b.foreground, difference.largest)) /
                    kValues;
  return difference;
}

}  // namespace

Difference compare_mattes(MattingModel& first, MattingModel& second) {
  NetworkSettings settings;
  settings.refine_mode = RefineMode::kFull;
  try {
    return compare(first, second, settings);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kModelInvalid && error.code() != ErrorCode::kNotSupported) throw;
    settings.type = ModelType::kMattingBase;  // a file without a refiner
    return compare(first, second, settings);
  }
}

}  // namespace matting
