#include "model/agreement.hpp"

#include <cstdlib>

#include "infer_background_matting/error.hpp"

namespace matting {
namespace {

constexpr int kSide = 128;
constexpr int kTolerance = 2;  // levels of 255: two roundings that fall apart

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

bool same_pixels(const Image& first, const Image& second) {
  const int width = kSide * channel_count(first.format());
  for (int y = 0; y < kSide; ++y) {
    const std::uint8_t* a = first.view().row(y);
    const std::uint8_t* b = second.view().row(y);
    for (int x = 0; x < width; ++x) {
      if (std::abs(a[x] - b[x]) > kTolerance) return false;
    }
  }
  return true;
}

bool same_matte(MattingModel& first, MattingModel& second, const NetworkSettings& settings) {
  const Matte a = run(first, settings), b = run(second, settings);
  return same_pixels(a.alpha, b.alpha) && same_pixels(a.foreground, b.foreground);
}

}  // namespace

bool same_matte(MattingModel& first, MattingModel& second) {
  NetworkSettings settings;
  settings.refine_mode = RefineMode::kFull;
  try {
    return same_matte(first, second, settings);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kModelInvalid && error.code() != ErrorCode::kNotSupported) throw;
    settings.type = ModelType::kMattingBase;  // a file without a refiner
    return same_matte(first, second, settings);
  }
}

}  // namespace matting
