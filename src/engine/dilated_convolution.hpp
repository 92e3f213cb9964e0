// A dilated 3x3 convolution on a map so small that many of its taps lie beyond it.
#ifndef MATTING_ENGINE_DILATED_CONVOLUTION_HPP
#define MATTING_ENGINE_DILATED_CONVOLUTION_HPP

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "engine/isa.hpp"
#include "engine/kernels/kernels.hpp"
#include "engine/layers.hpp"

namespace matting::engine {

// Weights in the order in which DilatedConvolution reads them, each layer's kept once. Any thread.
class TapWeights {
 public:
  // tap, then kProductOutputs outputs at a time, then input, then output. Valid as long as this.
  const float* of(const Layer& layer);

 private:
  std::mutex mutex_;
  std::map<std::string, std::vector<float>> by_layer_;
};

// Taps beyond the map are left out; oneDNN multiplies the zeros there, on CPUs without AVX-512: at
// a 16th of 1920x1080 with a scale of 0.25 (30x17) half of all multiplications of dilation 9.
// Floats, stride 1, as many outputs as a multiple of kProductOutputs. Immutable: any thread.
class DilatedConvolution {
 public:
  // Whether this is faster than oneDNN for activations of float.
  static bool pays(const Layer& layer, int height, int width, Isa isa) noexcept;

  // layer and weights, which TapWeights gave, must outlive this.
  DilatedConvolution(const Kernels& kernels, const Layer& layer, const float* weights, int height,
                     int width);

  // Parts of the output, to be run in any order and at once.
  int parts() const noexcept { return blocks_ * bands_; }
  // src: dense pixels of the layer's input channels; dst: its output channels of the first pixel,
  // dst_pitch floats from a pixel to the next.
  void run(int part, const float* src, float* dst, int dst_pitch) const;

 private:
  void run_row(int y, int block, const float* src, float* dst, int dst_pitch) const;

  const Kernels& kernels_;
  const Layer& layer_;
  const float* weights_;
  int height_, width_;
  int blocks_, bands_;  // of outputs, of rows
};

}  // namespace matting::engine

#endif  // MATTING_ENGINE_DILATED_CONVOLUTION_HPP
