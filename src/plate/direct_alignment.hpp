// Alignment of whole pictures by their brightness: precise to a fraction of a pixel, near a start.
#ifndef PLATE_DIRECT_ALIGNMENT_HPP
#define PLATE_DIRECT_ALIGNMENT_HPP

#include <opencv2/core.hpp>
#include <vector>

namespace plate {

enum class AlignmentKind { kNone, kTranslation, kAffine, kHomography };

// Brightness of a working picture freed of slow changes and with its contrast evened out, CV_32FC1:
// what stays the same when the light changes.
cv::Mat structure(const cv::Mat& working_picture);

// structure() of two pictures at several sizes, each half of the one before.
class AlignmentPyramid {
 public:
  // Both of the same size, CV_32FC3. usable: 8 bit, 0 where a pixel of the frame must not count;
  // empty for none.
  AlignmentPyramid(const cv::Mat& plate, const cv::Mat& frame, const cv::Mat& usable);

  struct Level {
    cv::Mat plate, frame;                        // structure
    cv::Mat plate_brightness, frame_brightness;  // CV_32FC1, 0..1
    cv::Mat usable;
  };
  int count() const { return static_cast<int>(levels_.size()); }
  const Level& level(int index) const { return levels_[static_cast<std::size_t>(index)]; }

 private:
  std::vector<Level> levels_;  // [0] the finest
};

// The transform from frame to plate positions, at the size of level 0, that follows `start` by a
// step of this kind and brings plate and frame together best: Gauss-Newton with weights (Tukey)
// that leave out the subject, on each level from first_level, the coarsest, to 0. Gives start where
// the pictures hold nothing to go by.
cv::Matx33d refine(const AlignmentPyramid& pyramid, const cv::Matx33d& start, AlignmentKind kind,
                   int first_level);

}  // namespace plate

#endif  // PLATE_DIRECT_ALIGNMENT_HPP
