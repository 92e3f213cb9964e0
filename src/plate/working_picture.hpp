// Small float copies of pictures: everything about a plate is estimated on these.
#ifndef PLATE_WORKING_PICTURE_HPP
#define PLATE_WORKING_PICTURE_HPP

#include <opencv2/core.hpp>

namespace plate {

// `full` scaled down, never up, so that its longer side is at most `longest_side` pixels.
cv::Size working_size(cv::Size full, int longest_side);

// pixels (8 or 16 bit; 1, 3 or 4 channels, the fourth is left out) as CV_32FC3, 0..1, of that size.
// Channels keep their order; grey fills all three.
cv::Mat working_picture(const cv::Mat& pixels, cv::Size size);

// The transform between pixel positions of a picture of size `to` that does what `transform` does
// between those of a picture of size `from`. Pixel centres lie at whole numbers.
cv::Matx33d rescaled(const cv::Matx33d& transform, cv::Size from, cv::Size to);

// Root mean square distance, in pixels, by which transform moves the points of a picture.
double mean_displacement(const cv::Matx33d& transform, cv::Size size);

// picture(transform(x)) at each x of a picture of `size`; beyond its border the nearest pixel.
cv::Mat warped(const cv::Mat& picture, const cv::Matx33d& transform, cv::Size size,
               int interpolation);

// 255 where transform(x) lies inside a picture of size `source`, else 0.
cv::Mat shown_mask(const cv::Matx33d& transform, cv::Size source, cv::Size size);

}  // namespace plate

#endif  // PLATE_WORKING_PICTURE_HPP
