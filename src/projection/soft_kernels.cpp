// Plain loops over pixels that the compiler turns into vectors. This file is compiled once for each
// target (SSE4, AVX2, AVX-512), like the engine's kernels.
#include "projection/soft_kernels.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "projection/soft_kernels.cpp"
#include <hwy/foreach_target.h>  // must come before highway.h
#include <hwy/highway.h>

#include "projection/soft_estimate-inl.hpp"
#include "projection/soft_smoothing-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace matting {
namespace HWY_NAMESPACE {

constexpr SoftKernels kKernels = {estimate_alpha, estimate_foreground, smooth};

}  // namespace HWY_NAMESPACE
}  // namespace matting
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace matting {

SoftPixels SoftPixels::from(int first) const {
  return {image.from(first),       plate.from(first), subject.from(first),
          plate_error.from(first), reach + first,     network + first};
}

const SoftKernels& soft_kernels_for(engine::Isa isa) {
#if HWY_TARGETS & HWY_AVX3
  if (isa >= engine::Isa::kAvx512) return N_AVX3::kKernels;
#endif
#if HWY_TARGETS & HWY_AVX2
  if (isa >= engine::Isa::kAvx2) return N_AVX2::kKernels;
#endif
#if HWY_TARGETS & HWY_SSE4
  if (isa >= engine::Isa::kSse41) return N_SSE4::kKernels;
#endif
  return HWY_STATIC_DISPATCH(kKernels);
}

const SoftKernels& process_soft_kernels() {
  static const SoftKernels& kernels = soft_kernels_for(engine::process_isa());
  return kernels;
}

}  // namespace matting
#endif
