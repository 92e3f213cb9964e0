// Where the camera looks now: the transform that lays the plate on the frame.
#ifndef PLATE_ALIGNMENT_HPP
#define PLATE_ALIGNMENT_HPP

#include <opencv2/core.hpp>

#include "plate/direct_alignment.hpp"

namespace plate {

struct Alignment {
  AlignmentKind kind = AlignmentKind::kNone;
  cv::Matx33d frame_to_plate = cv::Matx33d::eye();  // pixel positions of the working pictures
  double displacement = 0;  // root mean square over the picture, working pixels
  double before = 0;        // mean difference on the background before and after it, 0..1
  double after = 0;
  double confidence = 0;  // share of the usable pixels that agree with the aligned plate, 0..1
};

enum class Search {
  kNear,  // follow the start by a few pixels
  kFull,  // look for features too
};

// plate and frame: working pictures of one size, alike in colour (see colour_match.hpp). usable: 8
// bit, 0 where a pixel of the frame must not count (the subject, if it is known), empty for none.
// Tries translation, affine, homography, each from what the simpler one found, `start` and rough
// search; takes the more complex one only where it lowers the difference on the background clearly,
// and none of them where the plate as it is fits as well. Never throws on pictures. The same input
// gives the same result.
Alignment align(const cv::Mat& plate, const cv::Mat& frame, const cv::Mat& usable,
                const Alignment& start, Search search);

// plate laid on the frame, both of alignment's size.
cv::Mat aligned(const cv::Mat& plate, const Alignment& alignment);

const char* name(AlignmentKind kind);  // "none", "translation", "affine", "homography"

}  // namespace plate

#endif  // PLATE_ALIGNMENT_HPP
