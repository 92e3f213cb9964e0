// Less flicker: where the picture did not change, alpha should not either.
#ifndef PLATE_ALPHA_SMOOTHING_HPP
#define PLATE_ALPHA_SMOOTHING_HPP

#include <opencv2/core.hpp>

#include "workflow/image.hpp"

namespace plate {

// Frames in order; one thread at a time.
class AlphaSmoother {
 public:
  // 0: nothing happens; towards 1 alpha follows more slowly where the picture stands still. Throws
  // std::invalid_argument outside of [0, 1).
  explicit AlphaSmoother(double strength);

  // alpha: one channel, frame's size, changed in place. Another size than before begins anew; so
  // does every pixel that changed, and with it a cut. Throws workflow::Error WF_BAD_IMAGE where
  // alpha does not fit frame.
  void smooth(const workflow::Image& frame, workflow::Image& alpha);

 private:
  double strength_;
  cv::Mat frame_;  // brightness of the last one, CV_32F, 0..1
  cv::Mat alpha_;  // its smoothed alpha, CV_32F, 0..1
};

}  // namespace plate

#endif  // PLATE_ALPHA_SMOOTHING_HPP
