// How far a plate is from a frame, whatever the subject hides.
#ifndef PLATE_MISFIT_HPP
#define PLATE_MISFIT_HPP

#include <opencv2/core.hpp>

namespace plate {

// Mean absolute difference of two working pictures at each pixel, after a slight blur: CV_32FC1.
// The blur is for fairness: a plate that was resampled has less noise, which is no better fit.
cv::Mat difference(const cv::Mat& a, const cv::Mat& b);

// Two versions of a plate against one frame. The same pixels are judged for both: those of `usable`
// (8 bit, not 0; empty: all) where at least one of them is near the frame, so where no subject is.
struct Comparison {
  double before = 0;  // mean difference, 0..1, each pixel's limited to kFarOff
  double after = 0;
  double support = 0;  // share of the usable pixels that were judged, 0..1
};
Comparison compare(const cv::Mat& before, const cv::Mat& after, const cv::Mat& usable);

// The mean of a difference where it is near; -1 where that is less than 2 % of the usable pixels.
double background_misfit(const cv::Mat& difference, const cv::Mat& usable);

// Nearer than this the frame shows the same thing as the plate, in another light at most.
constexpr float kNear = 0.12f;
constexpr float kFarOff = 0.25f;

}  // namespace plate

#endif  // PLATE_MISFIT_HPP
