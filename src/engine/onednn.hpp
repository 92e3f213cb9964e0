// Convolutions by oneDNN. Only onednn.cpp knows its types, and where versions 2 and 3 differ.
//
// Activations are NHWC and dense. Physical channel counts may exceed a layer's: the weights of the
// channels that are too many are zero, and so are the outputs.
#ifndef MATTING_ENGINE_ONEDNN_HPP
#define MATTING_ENGINE_ONEDNN_HPP

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "engine/element.hpp"
#include "engine/isa.hpp"
#include "engine/layers.hpp"

namespace matting::engine {

// Lowers oneDNN's ISA for this process if that is still possible; returns the level in force.
Isa onednn_limit_isa(std::optional<Isa> limit);

// Version of the library that runs, "2.6.3".
std::string onednn_version();

struct ConvolutionShape {
  int batch = 1;
  int height = 0, width = 0;              // of the input
  int in_channels = 0, out_channels = 0;  // physical
  int pad_top = 0, pad_bottom = 0;        // rows of zeros
  int pad_columns = 0;                    // on each side, zeros
  Element src = Element::kFloat, dst = Element::kFloat;
  bool adds_to_output = false;  // output = activation(output + convolution)
  // kUint8 and kInt8 only: real value = integer * scale.
  float src_scale = 1, dst_scale = 1;
};

// Weights in the layouts that primitives asked for, each kept once. Any thread.
class PackedWeights {
 public:
  PackedWeights();
  ~PackedWeights();
  std::size_t bytes() const;

 private:
  friend class Convolution;
  struct State;
  std::unique_ptr<State> state_;
};

// One primitive with its arguments; used by one thread at a time. It runs on as many OpenMP threads
// as omp_get_max_threads() told when it was made.
class Convolution {
 public:
  // Throws Error kInternal if oneDNN has no such primitive.
  Convolution(const Layer& layer, const ConvolutionShape& shape, PackedWeights& packed);
  ~Convolution();
  Convolution(Convolution&&) noexcept;
  Convolution& operator=(Convolution&&) noexcept;

  int out_height() const noexcept;
  int out_width() const noexcept;
  std::size_t scratch_bytes() const noexcept;
  const char* implementation() const;
  // Operations of the layer itself, without padding channels.
  double gflop() const noexcept;

  // bias: the layer's if null; else out_channels values.
  void run(const void* src, void* dst, void* scratch, const float* bias = nullptr);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace matting::engine

#endif  // MATTING_ENGINE_ONEDNN_HPP
