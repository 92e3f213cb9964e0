// How calm the mattes of a clip are.
#ifndef MATTING_EVALUATE_FLICKER_HPP
#define MATTING_EVALUATE_FLICKER_HPP

#include "evaluate/plane.hpp"

namespace matting {

// dtSSD (Erofeev et al. 2015, scaled as in the evaluations of video matting networks): the root
// mean square over the picture of how differently alpha and truth change from frame to frame, times
// 100, averaged over the clip. A matte that is wrong but stays so does not flicker.
class Flicker {
 public:
  // Frames in order; one channel, 0..1. Throws std::invalid_argument for another shape.
  void add(const Plane& alpha, const Plane& truth);

  double dtssd() const;  // 0 before the second frame

 private:
  Plane last_error_;
  double sum_ = 0;
  int frames_ = 0;
};

}  // namespace matting

#endif  // MATTING_EVALUATE_FLICKER_HPP
