// What kernels build on: vectors of float from float or bfloat16. Included once for each target.
#if defined(MATTING_ENGINE_KERNELS_VECTORS_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef MATTING_ENGINE_KERNELS_VECTORS_INL_HPP
#undef MATTING_ENGINE_KERNELS_VECTORS_INL_HPP
#else
#define MATTING_ENGINE_KERNELS_VECTORS_INL_HPP
#endif

#include <hwy/highway.h>

#include "engine/element.hpp"

HWY_BEFORE_NAMESPACE();
namespace matting::engine {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using FloatD = hn::ScalableTag<float>;
using FloatV = hn::Vec<FloatD>;

template <class D>
HWY_INLINE hn::Vec<D> load_float(D d, const float* from) {
  return hn::LoadU(d, from);
}

template <class D>
HWY_INLINE hn::Vec<D> load_float(D d, const BFloat16* from) {
  const hn::Rebind<std::uint16_t, D> d16;
  const hn::Rebind<std::uint32_t, D> d32;
  const auto bits = hn::LoadU(d16, reinterpret_cast<const std::uint16_t*>(from));
  return hn::BitCast(d, hn::ShiftLeft<16>(hn::PromoteTo(d32, bits)));
}

template <class D>
HWY_INLINE void store_float(hn::Vec<D> value, D d, float* to) {
  hn::StoreU(value, d, to);
}

// Rounds to nearest, ties to even, as from_float does.
template <class D>
HWY_INLINE void store_float(hn::Vec<D> value, D, BFloat16* to) {
  const hn::Rebind<std::uint16_t, D> d16;
  const hn::Rebind<std::uint32_t, D> d32;
  const hn::Rebind<std::int32_t, D> di32;
  const auto bits = hn::BitCast(d32, value);
  const auto odd = hn::And(hn::ShiftRight<16>(bits), hn::Set(d32, 1));
  const auto rounded = hn::Add(bits, hn::Add(odd, hn::Set(d32, 0x7fff)));
  const auto upper = hn::BitCast(di32, hn::ShiftRight<16>(rounded));
  hn::StoreU(hn::DemoteTo(d16, upper), d16, reinterpret_cast<std::uint16_t*>(to));
}

// Rounds to integers from 0 to 255.
template <class D>
HWY_INLINE void store_level(hn::Vec<D> value, D, std::uint8_t* to) {
  const hn::Rebind<std::uint8_t, D> d8;
  hn::StoreU(hn::DemoteTo(d8, hn::NearestInt(value)), d8, to);
}

template <class V>
HWY_INLINE V lerp(V a, V b, V weight) {
  return hn::MulAdd(hn::Sub(b, a), weight, a);
}

template <class D>
HWY_INLINE hn::Vec<D> clamp01(D d, hn::Vec<D> value) {
  return hn::Min(hn::Max(value, hn::Zero(d)), hn::Set(d, 1.0f));
}

// body(d, i) for i from 0 to count, a multiple of 8, in steps of whole vectors of tag d.
template <class Body>
HWY_INLINE void for_channels(int count, const Body& body) {
  const FloatD d;
  const int lanes = static_cast<int>(hn::Lanes(d));
  int i = 0;
  for (; i + lanes <= count; i += lanes) body(d, i);
  if (HWY_MAX_BYTES > 32 && i < count) body(hn::CappedTag<float, 8>(), i);
}

// Copies and clears count elements, a multiple of 8: a few vectors, for which a call of memcpy costs
// more than the work.
template <class T>
HWY_INLINE void copy_channels(const T* from, int count, T* to) {
  const hn::FixedTag<std::uint16_t, 8> d;
  const auto* src = reinterpret_cast<const std::uint16_t*>(from);
  auto* dst = reinterpret_cast<std::uint16_t*>(to);
  const int words = count * static_cast<int>(sizeof(T) / sizeof(std::uint16_t));
  for (int i = 0; i < words; i += 8) hn::StoreU(hn::LoadU(d, src + i), d, dst + i);
}

template <class T>
HWY_INLINE void clear_channels(int count, T* to) {
  const hn::FixedTag<std::uint16_t, 8> d;
  auto* dst = reinterpret_cast<std::uint16_t*>(to);
  const int words = count * static_cast<int>(sizeof(T) / sizeof(std::uint16_t));
  for (int i = 0; i < words; i += 8) hn::StoreU(hn::Zero(d), d, dst + i);
}

}  // namespace HWY_NAMESPACE
}  // namespace matting::engine
HWY_AFTER_NAMESPACE();

#endif
