#include "plate/working_picture.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "media/mat_view.hpp"

namespace plate {
namespace {

// From pixel positions in a picture of size `from` to those of the same place at size `to`.
cv::Matx33d scaling(cv::Size from, cv::Size to) {
  const double x = double(to.width) / from.width, y = double(to.height) / from.height;
  return {x, 0, (x - 1) / 2, 0, y, (y - 1) / 2, 0, 0, 1};
}

cv::Point2d moved(const cv::Matx33d& transform, double x, double y) {
  const cv::Vec3d p = transform * cv::Vec3d(x, y, 1);
  return {p[0] / p[2], p[1] / p[2]};
}

}  // namespace

cv::Size working_size(cv::Size full, int longest_side) {
  const double scale = std::min(1.0, double(longest_side) / std::max(full.width, full.height));
  return {std::max(1, int(std::lround(full.width * scale))),
          std::max(1, int(std::lround(full.height * scale)))};
}

cv::Mat working_picture(const cv::Mat& pixels, cv::Size size) {
  cv::Mat small = pixels;
  if (pixels.size() != size) cv::resize(pixels, small, size, 0, 0, cv::INTER_AREA);
  cv::Mat colour = small;
  if (small.channels() == 1) cv::cvtColor(small, colour, cv::COLOR_GRAY2BGR);
  if (small.channels() == 4) cv::cvtColor(small, colour, cv::COLOR_BGRA2BGR);
  cv::Mat result;
  colour.convertTo(result, CV_32F, 1 / workflow::media::full_scale(pixels));
  return result;
}

cv::Matx33d rescaled(const cv::Matx33d& transform, cv::Size from, cv::Size to) {
  const cv::Matx33d result = scaling(from, to) * transform * scaling(to, from);
  return result * (1 / result(2, 2));
}

double mean_displacement(const cv::Matx33d& transform, cv::Size size) {
  constexpr int kSteps = 8;
  double sum = 0;
  for (int j = 0; j <= kSteps; ++j) {
    for (int i = 0; i <= kSteps; ++i) {
      const double x = (size.width - 1) * double(i) / kSteps;
      const double y = (size.height - 1) * double(j) / kSteps;
      const cv::Point2d distance = moved(transform, x, y) - cv::Point2d(x, y);
      sum += distance.dot(distance);
    }
  }
  return std::sqrt(sum / ((kSteps + 1) * (kSteps + 1)));
}

cv::Mat warped(const cv::Mat& picture, const cv::Matx33d& transform, cv::Size size,
               int interpolation) {
  cv::Mat result;
  cv::warpPerspective(picture, result, transform, size, interpolation | cv::WARP_INVERSE_MAP,
                      cv::BORDER_REPLICATE);
  return result;
}

cv::Mat shown_mask(const cv::Matx33d& transform, cv::Size source, cv::Size size) {
  cv::Mat result;
  cv::warpPerspective(cv::Mat(source, CV_8U, cv::Scalar(255)), result, transform, size,
                      cv::INTER_NEAREST | cv::WARP_INVERSE_MAP, cv::BORDER_CONSTANT);
  return result;
}

}  // namespace plate
