// Alpha averaged over neighbours that look alike.
#ifndef MATTING_PROJECTION_SOFT_SMOOTHING_HPP
#define MATTING_PROJECTION_SOFT_SMOOTHING_HPP

#include "engine/isa.hpp"
#include "image/pixel_rows.hpp"

namespace matting {

// Pixels of a row and of the rows above and below. Not owned; values from the one before the first
// to the kSmoothMargin-th behind the last are read. All are 0..1.
constexpr int kSmoothMargin = 9;
struct SoftRows {
  RgbRow image[3];
  const float* alpha[3];
  const float* certainty[3];  // see SoftEstimate; 0 where there is no pixel
};

// Into alpha, of the middle row: the mean over the 3x3 pixels around, each weighted with its
// certainty squared (1 / variance), its likeness of colour and its nearness (Tomasi and Manduchi,
// "Bilateral filtering for gray and color images", ICCV 1998, the range in `image`). Where a pixel
// says little about its alpha, neighbours of the same colour that say more decide.
using SoftSmoothing = void (*)(const SoftRows& rows, int count, float* alpha);

// The one for that level, which the CPU must have. All give the same bytes.
SoftSmoothing soft_smoothing_for(engine::Isa isa);

}  // namespace matting

#endif  // MATTING_PROJECTION_SOFT_SMOOTHING_HPP
