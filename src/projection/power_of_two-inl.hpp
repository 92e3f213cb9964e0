// 2^x for loops that are to become vectors. Included once for each target.
#if defined(MATTING_PROJECTION_POWER_OF_TWO_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef MATTING_PROJECTION_POWER_OF_TWO_INL_HPP
#undef MATTING_PROJECTION_POWER_OF_TWO_INL_HPP
#else
#define MATTING_PROJECTION_POWER_OF_TWO_INL_HPP
#endif

#include <hwy/highway.h>

#include <algorithm>
#include <cstdint>
#include <cstring>

HWY_BEFORE_NAMESPACE();
namespace matting {
namespace HWY_NAMESPACE {

constexpr float kLog2E = 1.44269504f;

// For x <= 0, within 0.02 %; what is too small becomes about 1e-38. Written out, since the compiler
// does not vectorise std::exp2.
inline float power_of_two(float x) {
  x = std::max(x, -125.0f);
  const auto whole = static_cast<std::int32_t>(x);
  const float part = x - static_cast<float>(whole);  // in (-1, 0]
  const float mantissa =
      1 + part * (0.69314718f + part * (0.24022651f + part * (0.0554906f + part * 0.00841127f)));
  const std::int32_t bits = (whole + 127) << 23;
  float scale;
  std::memcpy(&scale, &bits, sizeof scale);
  return scale * mantissa;
}

}  // namespace HWY_NAMESPACE
}  // namespace matting
HWY_AFTER_NAMESPACE();

#endif  // toggle
