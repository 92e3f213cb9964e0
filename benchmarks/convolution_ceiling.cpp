#include "convolution_ceiling.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <vector>

#include "engine/arena.hpp"
#include "engine/onednn.hpp"
#include "engine/threads.hpp"

namespace matting::benchmarks {
namespace {

constexpr int kRuns = 15;

template <class Work>
double best_seconds(Work work) {
  double best = 1e9;
  for (int i = 0; i < kRuns; ++i) {
    const auto start = std::chrono::steady_clock::now();
    work();
    const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - start;
    best = std::min(best, spent.count());
  }
  return best;
}

}  // namespace

namespace {

// GFLOP/s of one layer on 240x136 pixels.
double convolution_rate(Precision precision, int kernel, int inputs, int outputs) {
  engine::Layer layer;
  layer.name = "ceiling";
  layer.in_channels = inputs;
  layer.out_channels = outputs;
  layer.kernel = kernel;
  layer.activation = engine::Activation::kRelu;
  layer.weights.assign(static_cast<std::size_t>(inputs) * outputs * kernel * kernel, 0.01f);
  layer.bias.assign(outputs, 0.0f);
  engine::ConvolutionShape shape;
  shape.height = 136;
  shape.width = 240;
  shape.in_channels = inputs;
  shape.out_channels = outputs;
  shape.pad_top = shape.pad_bottom = shape.pad_columns = layer.padding();
  const engine::Element element = precision == Precision::kInt8   ? engine::Element::kUint8
                                  : precision == Precision::kBf16 ? engine::Element::kBFloat16
                                                                  : engine::Element::kFloat;
  shape.src = shape.dst = element;
  engine::PackedWeights packed;
  engine::Convolution convolution(layer, shape, packed);
  const std::size_t pixels = 136 * 240, bytes = engine::element_bytes(element);
  engine::AlignedBlock src(pixels * inputs * bytes), dst(pixels * outputs * bytes);
  engine::AlignedBlock scratch(convolution.scratch_bytes());
  const double seconds =
      best_seconds([&] { convolution.run(src.data(), dst.data(), scratch.data()); });
  return convolution.gflop() / seconds;
}

}  // namespace

// Which kind oneDNN runs fastest depends on the CPU.
double convolution_ceiling(Precision precision, int threads) {
  const engine::ThreadCount count(threads);
  return std::max({convolution_rate(precision, 3, 288, 128), convolution_rate(precision, 3, 64, 64),
                   convolution_rate(precision, 1, 256, 128)});
}

double copy_ceiling(int threads) {
  constexpr std::size_t kPart = 1 << 20;
  constexpr int kParts = 64;
  const engine::ThreadCount count(threads);
  engine::AlignedBlock src(kPart * kParts), dst(kPart * kParts);
  const double seconds = best_seconds([&] {
    engine::parallel_for(kParts, [&](int i, int) {
      std::memcpy(dst.data() + i * kPart, src.data() + i * kPart, kPart);
    });
  });
  return 2e-9 * kPart * kParts / seconds;
}

}  // namespace matting::benchmarks
