// Alignment from scratch: what moved further than direct alignment can follow.
#ifndef PLATE_FEATURE_ALIGNMENT_HPP
#define PLATE_FEATURE_ALIGNMENT_HPP

#include <opencv2/core.hpp>
#include <optional>

namespace plate {

// Transforms from frame to plate positions; none where too little was found to tell.
struct RoughAlignments {
  std::optional<cv::Matx33d> translation;  // by phase correlation
  std::optional<cv::Matx33d> affine;       // by features that matched, RANSAC
  std::optional<cv::Matx33d> homography;
};

// Of structure() of two pictures of one size. usable: 8 bit, 0 where nothing of the frame may be
// used. The same input gives the same result: OpenCV's RANSAC starts from a fixed seed.
RoughAlignments find_rough_alignments(const cv::Mat& plate, const cv::Mat& frame,
                                      const cv::Mat& usable);

}  // namespace plate

#endif  // PLATE_FEATURE_ALIGNMENT_HPP
