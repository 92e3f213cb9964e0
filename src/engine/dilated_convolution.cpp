#include "engine/dilated_convolution.hpp"

#include <algorithm>
#include <cmath>

namespace matting::engine {
namespace {

constexpr int kSide = 3, kTaps = kSide * kSide;
constexpr int kBandRows = 8;  // about: parts enough for many threads

// Of the taps along one side, those that lie on the map.
double share_within(int side, int dilation) {
  return 1 - 2.0 / kSide * std::min(1.0, static_cast<double>(dilation) / side);
}

}  // namespace

const float* TapWeights::of(const Layer& layer) {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::vector<float>& packed = by_layer_[layer.name];
  if (!packed.empty()) return packed.data();
  packed.reserve(layer.weights.size());
  const int inputs = layer.in_channels;
  for (int tap = 0; tap < kTaps; ++tap) {
    for (int first = 0; first < layer.out_channels; first += kProductOutputs) {
      for (int i = 0; i < inputs; ++i) {
        for (int o = first; o < first + kProductOutputs; ++o) {
          const std::size_t row = static_cast<std::size_t>(o) * inputs + i;
          packed.push_back(layer.weights[row * kTaps + tap]);
        }
      }
    }
  }
  return packed.data();
}

bool DilatedConvolution::pays(const Layer& layer, int height, int width, Isa isa) noexcept {
  constexpr double kMostWithin = 0.85;  // with more, oneDNN's blocking for the caches wins
  const bool fits = layer.kernel == kSide && layer.stride == 1 && layer.groups == 1 &&
                    layer.out_channels % kProductOutputs == 0;
  return fits && isa <= Isa::kAvx2 &&
         share_within(height, layer.dilation) * share_within(width, layer.dilation) < kMostWithin;
}

DilatedConvolution::DilatedConvolution(const Kernels& kernels, const Layer& layer,
                                       const float* weights, int height, int width)
    : kernels_(kernels),
      layer_(layer),
      weights_(weights),
      height_(height),
      width_(width),
      blocks_(layer.out_channels / kProductOutputs),
      bands_((height + kBandRows - 1) / kBandRows) {}

void DilatedConvolution::run(int part, const float* src, float* dst, int dst_pitch) const {
  const int block = part % blocks_, band = part / blocks_;
  for (int y = height_ * band / bands_; y < height_ * (band + 1) / bands_; ++y) {
    run_row(y, block, src, dst, dst_pitch);
  }
}

void DilatedConvolution::run_row(int y, int block, const float* src, float* dst,
                                 int dst_pitch) const {
  const std::size_t inputs = layer_.in_channels;
  const float* const bias = layer_.bias.data() + block * kProductOutputs;
  float* const out =
      dst + static_cast<std::size_t>(y) * width_ * dst_pitch + block * kProductOutputs;
  for (int x = 0; x < width_; ++x) std::copy_n(bias, kProductOutputs, out + x * dst_pitch);
  for (int tap = 0; tap < kTaps; ++tap) {
    const int v = y + (tap / kSide - 1) * layer_.dilation,
              right = (tap % kSide - 1) * layer_.dilation;
    const int begin = std::max(0, -right), end = std::min(width_, width_ - right);
    if (v < 0 || v >= height_ || begin >= end) continue;
    PixelProducts products;
    products.in = src + (static_cast<std::size_t>(v) * width_ + begin + right) * inputs;
    products.weights = weights_ + (tap * blocks_ + block) * inputs * kProductOutputs;
    products.channels = layer_.in_channels;
    products.count = end - begin;
    products.out = out + begin * dst_pitch;
    products.out_pitch = dst_pitch;
    kernels_.add_products(products);
  }
  if (layer_.activation == Activation::kNone) return;
  const float most = layer_.activation == Activation::kRelu6 ? 6.0f : HUGE_VALF;
  for (int x = 0; x < width_; ++x) {
    float* const pixel = out + x * dst_pitch;
    for (int o = 0; o < kProductOutputs; ++o) pixel[o] = std::clamp(pixel[o], 0.0f, most);
  }
}

}  // namespace matting::engine
