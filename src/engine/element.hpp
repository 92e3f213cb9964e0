// Element types of activations.
#ifndef MATTING_ENGINE_ELEMENT_HPP
#define MATTING_ENGINE_ELEMENT_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace matting::engine {

enum class Element { kFloat, kBFloat16, kUint8, kInt8 };

constexpr std::size_t element_bytes(Element element) noexcept {
  return element == Element::kFloat ? 4 : element == Element::kBFloat16 ? 2 : 1;
}

// The upper half of a float32.
struct BFloat16 {
  std::uint16_t bits;
};

inline float to_float(float value) noexcept {
  return value;
}
inline float to_float(BFloat16 value) noexcept {
  const std::uint32_t bits = static_cast<std::uint32_t>(value.bits) << 16;
  float result;
  std::memcpy(&result, &bits, sizeof result);
  return result;
}

// Rounds to nearest, ties to even; finite values only.
template <class T>
T from_float(float value) noexcept;
template <>
inline float from_float<float>(float value) noexcept {
  return value;
}
template <>
inline BFloat16 from_float<BFloat16>(float value) noexcept {
  std::uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return {static_cast<std::uint16_t>((bits + 0x7fff + ((bits >> 16) & 1)) >> 16)};
}

}  // namespace matting::engine

#endif  // MATTING_ENGINE_ELEMENT_HPP
