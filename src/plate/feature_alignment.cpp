#include "plate/feature_alignment.hpp"

#include <opencv2/calib3d.hpp>
#include <opencv2/features2d.hpp>
#include <opencv2/imgproc.hpp>
#include <vector>

namespace plate {
namespace {

constexpr int kFeatures = 1200;
constexpr int kSmallestSide = 64;        // ORB describes an area of 31 pixels
constexpr double kInlierDistance = 2.0;  // pixels of the working picture
constexpr int kLeastMatches = 12;

struct Matches {
  std::vector<cv::Point2f> frame, plate;
};

cv::Mat byte_structure(const cv::Mat& structure) {
  cv::Mat bytes;
  structure.convertTo(bytes, CV_8U, 40, 128);
  return bytes;
}

Matches match_features(const cv::Mat& plate, const cv::Mat& frame, const cv::Mat& usable) {
  const auto detector = cv::ORB::create(kFeatures);
  std::vector<cv::KeyPoint> plate_points, frame_points;
  cv::Mat plate_descriptors, frame_descriptors;
  detector->detectAndCompute(byte_structure(plate), {}, plate_points, plate_descriptors);
  detector->detectAndCompute(byte_structure(frame), usable, frame_points, frame_descriptors);
  Matches matches;
  if (plate_points.empty() || frame_points.empty()) return matches;
  std::vector<cv::DMatch> found;
  cv::BFMatcher(cv::NORM_HAMMING, true).match(frame_descriptors, plate_descriptors, found);
  for (const cv::DMatch& match : found) {
    matches.frame.push_back(frame_points[static_cast<std::size_t>(match.queryIdx)].pt);
    matches.plate.push_back(plate_points[static_cast<std::size_t>(match.trainIdx)].pt);
  }
  return matches;
}

// Enough for chance to be out of the question: the model's own points agree with it anyway.
bool enough(const cv::Mat& inliers) {
  return cv::countNonZero(inliers) >= kLeastMatches;
}

}  // namespace

RoughAlignments find_rough_alignments(const cv::Mat& plate, const cv::Mat& frame,
                                      const cv::Mat& usable) {
  RoughAlignments rough;
  cv::Mat window;
  cv::createHanningWindow(window, frame.size(), CV_32F);
  const cv::Point2d shift = cv::phaseCorrelate(frame, plate, window);
  rough.translation = cv::Matx33d(1, 0, shift.x, 0, 1, shift.y, 0, 0, 1);
  if (std::min(frame.rows, frame.cols) < kSmallestSide) return rough;
  const Matches matches = match_features(plate, frame, usable);
  if (matches.frame.size() < kLeastMatches) return rough;
  cv::Mat inliers;
  const cv::Mat affine = cv::estimateAffinePartial2D(matches.frame, matches.plate, inliers,
                                                     cv::RANSAC, kInlierDistance);
  if (!affine.empty() && enough(inliers)) {
    cv::Matx33d full = cv::Matx33d::eye();
    for (int i = 0; i < 6; ++i) full(i / 3, i % 3) = affine.at<double>(i / 3, i % 3);
    rough.affine = full;
  }
  const cv::Mat homography =
      cv::findHomography(matches.frame, matches.plate, cv::RANSAC, kInlierDistance, inliers);
  if (!homography.empty() && enough(inliers)) rough.homography = cv::Matx33d(homography);
  return rough;
}

}  // namespace plate
