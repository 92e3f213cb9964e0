// Detail that an image has and its plate has not.
#ifndef MATTING_PROJECTION_ADDED_DETAIL_HPP
#define MATTING_PROJECTION_ADDED_DETAIL_HPP

#include <vector>

#include "image/frame.hpp"

namespace matting {

// The plate seen in other light, in shadow say, is the plate times a factor that changes slowly.
// What that leaves in the differences of near pixels is noise, and a share of the plate's own
// differences, since no plate lies exactly where it should. A subject brings detail of its own: it
// tells cloth from a shadow of the same brightness. Differences are second ones, so that edges of
// shadows and of what is out of focus are no detail.
//
// What a few pixels of an image have that their plate has not. With d the difference of a pixel and
// the mean of its neighbours `step` before and behind, times two, across and down, as RGB; and with
// g the factor of light that fits the pixels best:
struct Compared {
  float detail = 0;  // sum |d(image) - g d(plate)|^2 / sum (kNoise + |g d(plate)|^2)
  float tint = 0;    // root of the mean over channels of (mean(image) - g mean(plate))^2
};

// Keeps its memory from picture to picture. One thread at a time.
class AddedDetail {
 public:
  // part: a few pixels of a frame; nothing of one that is not larger than two steps.
  Compared of(const Frame& part, int step);

 private:
  std::vector<float> values_;  // planes of the image, then of the plate
};

}  // namespace matting

#endif  // MATTING_PROJECTION_ADDED_DETAIL_HPP
