// A picture of noise on a gradient.
#ifndef MATTING_TESTS_ENGINE_NOISE_HPP
#define MATTING_TESTS_ENGINE_NOISE_HPP

#include <cstdint>
#include <random>

#include "infer_background_matting/image.hpp"

namespace matting::engine {

inline Image noise(int width, int height, unsigned seed) {
  Image image(width, height, PixelFormat::kRgb8);
  std::mt19937 generator(seed);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < 3 * width; ++x) {
      image.mutable_view().row(y)[x] = static_cast<std::uint8_t>((x + 2 * y + generator() % 80));
    }
  }
  return image;
}

}  // namespace matting::engine

#endif  // MATTING_TESTS_ENGINE_NOISE_HPP
