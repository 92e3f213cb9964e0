// Products of pixels with a matrix of weights. Included once for each target.
#if defined(MATTING_ENGINE_KERNELS_PRODUCTS_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef MATTING_ENGINE_KERNELS_PRODUCTS_INL_HPP
#undef MATTING_ENGINE_KERNELS_PRODUCTS_INL_HPP
#else
#define MATTING_ENGINE_KERNELS_PRODUCTS_INL_HPP
#endif

#include <hwy/highway.h>

#include "engine/kernels/kernels.hpp"

HWY_BEFORE_NAMESPACE();
namespace matting::engine {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

#if HWY_HAVE_SCALABLE  // such vectors cannot stand in arrays
inline void add_products(const PixelProducts& products) {
  plain_kernels().add_products(products);
}
#else
using ProductD = hn::CappedTag<float, kProductOutputs>;
constexpr int kProductLanes = static_cast<int>(hn::MaxLanes(ProductD()));
constexpr int kProductVectors = kProductOutputs / kProductLanes;
// Sums that stay in registers, beside the weights and one value of a pixel: 12 of AVX2's 16.
constexpr int kProductPixels = kProductVectors > 2 ? 2 : 12 / kProductVectors;

template <int kPixels>
HWY_INLINE void add_products_of(const PixelProducts& products, int first) {
  const ProductD d;
  const float* const in = products.in + static_cast<std::size_t>(first) * products.channels;
  float* const out = products.out + static_cast<std::size_t>(first) * products.out_pitch;
  hn::Vec<ProductD> sums[kPixels][kProductVectors], weights[kProductVectors];
  for (int p = 0; p < kPixels; ++p) {
    for (int v = 0; v < kProductVectors; ++v) {
      sums[p][v] = hn::LoadU(d, out + p * products.out_pitch + v * kProductLanes);
    }
  }
  const float* row = products.weights;
  for (int i = 0; i < products.channels; ++i, row += kProductOutputs) {
    for (int v = 0; v < kProductVectors; ++v) weights[v] = hn::LoadU(d, row + v * kProductLanes);
    for (int p = 0; p < kPixels; ++p) {
      const auto value = hn::Set(d, in[p * products.channels + i]);
      for (int v = 0; v < kProductVectors; ++v) {
        sums[p][v] = hn::MulAdd(value, weights[v], sums[p][v]);
      }
    }
  }
  for (int p = 0; p < kPixels; ++p) {
    for (int v = 0; v < kProductVectors; ++v) {
      hn::StoreU(sums[p][v], d, out + p * products.out_pitch + v * kProductLanes);
    }
  }
}

// The pixels from first on, kPixels at most.
template <int kPixels>
HWY_INLINE void add_last_products(const PixelProducts& products, int first) {
  if (products.count - first == kPixels) return add_products_of<kPixels>(products, first);
  if constexpr (kPixels > 1) add_last_products<kPixels - 1>(products, first);
}

inline void add_products(const PixelProducts& products) {
  int first = 0;
  for (; first + kProductPixels <= products.count; first += kProductPixels) {
    add_products_of<kProductPixels>(products, first);
  }
  add_last_products<kProductPixels>(products, first);
}
#endif

}  // namespace HWY_NAMESPACE
}  // namespace matting::engine
HWY_AFTER_NAMESPACE();

#endif
