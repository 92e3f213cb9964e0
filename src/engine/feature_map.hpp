// A map of activations in a plan's arena.
#ifndef MATTING_ENGINE_FEATURE_MAP_HPP
#define MATTING_ENGINE_FEATURE_MAP_HPP

#include <cstddef>

#include "engine/element.hpp"

namespace matting::engine {

// NHWC, dense; channels are physical.
struct FeatureMap {
  std::size_t offset = 0;  // in the arena
  int height = 0, width = 0, channels = 0;
  Element element = Element::kFloat;

  std::size_t row() const noexcept { return static_cast<std::size_t>(width) * channels; }
  std::size_t row_bytes() const noexcept { return row() * element_bytes(element); }
};

// oneDNN and our kernels take channels by eights.
constexpr int physical(int channels) noexcept {
  return (channels + 7) / 8 * 8;
}

template <class T>
constexpr Element element_of() noexcept {
  return sizeof(T) == 4 ? Element::kFloat : Element::kBFloat16;
}

}  // namespace matting::engine

#endif  // MATTING_ENGINE_FEATURE_MAP_HPP
