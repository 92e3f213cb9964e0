// A subject in the plate.
#ifndef PLATE_GHOST_HPP
#define PLATE_GHOST_HPP

#include <opencv2/core.hpp>

namespace plate {

struct Ghost {
  double share = 0;       // of the picture, 0..1
  double confidence = 0;  // 0..1: how much of the outline belongs to the plate; 0.5 says nothing
};

// Looks at the regions where plate and frame (repaired, CV_32FC3, one size) differ: the outline of
// a thing in front is an edge in the picture that shows it. An edge in the frame means the subject,
// one in the plate means that it was there when the plate was taken. shown: 8 bit, 0 where the
// plate does not show the frame.
Ghost find_ghost(const cv::Mat& plate, const cv::Mat& frame, const cv::Mat& shown);

}  // namespace plate

#endif  // PLATE_GHOST_HPP
