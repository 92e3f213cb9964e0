// What a decoder's convolution reads: the low map upsampled to the skip map's size, and the skip
// map behind it.
#ifndef MATTING_ENGINE_JOINED_INPUT_HPP
#define MATTING_ENGINE_JOINED_INPUT_HPP

#include "engine/feature_map.hpp"
#include "engine/kernels/kernels.hpp"
#include "engine/quantization.hpp"
#include "engine/resample.hpp"

namespace matting::engine {

// Pixels of the joined map; a region may reach beyond it.
struct Region {
  int row, column, rows, columns;
};

// Makes parts of the joined map, which as a whole never exists. Immutable.
template <class T>
class JoinedInput {
 public:
  // quantized: levels instead of T, pitch channels each; must outlive this. Null: T.
  JoinedInput(const Kernels& kernels, const FeatureMap& low, const FeatureMap& skip,
              const QuantizedLayer* quantized = nullptr);

  int pitch() const noexcept { return pitch_; }  // channels
  std::size_t pixel_bytes() const noexcept { return pitch_ * (quantized_ ? 1 : sizeof(T)); }
  // Floats of scratch memory that a region of so many columns needs at most.
  std::size_t scratch_floats(int columns) const noexcept;

  // The region's pixels, dense; beyond the map zeros, or the levels that stand for zero.
  void read(const T* low, const T* skip, const Region& region, std::byte* out,
            float* scratch) const;

 private:
  template <class Out>
  void read_as(const T* low, const T* skip, const Region& region, Out* out, float* scratch) const;

  const Kernels& kernels_;
  FeatureMap low_, skip_;
  const QuantizedLayer* quantized_;
  int pitch_;
  BilinearAxis rows_, columns_;
};

}  // namespace matting::engine

#endif  // MATTING_ENGINE_JOINED_INPUT_HPP
