#include "plate/misfit.hpp"

#include <algorithm>
#include <opencv2/imgproc.hpp>

namespace plate {

cv::Mat difference(const cv::Mat& a, const cv::Mat& b) {
  cv::Mat smooth;
  cv::GaussianBlur(a - b, smooth, {}, 0.8);
  cv::Mat result(smooth.size(), CV_32F);
  for (int y = 0; y < smooth.rows; ++y) {
    const auto* from = smooth.ptr<cv::Vec3f>(y);
    auto* to = result.ptr<float>(y);
    for (int x = 0; x < smooth.cols; ++x) {
      to[x] = (std::abs(from[x][0]) + std::abs(from[x][1]) + std::abs(from[x][2])) / 3;
    }
  }
  return result;
}

Comparison compare(const cv::Mat& before, const cv::Mat& after, const cv::Mat& usable) {
  double sum_before = 0, sum_after = 0, judged = 0, total = 0;
  for (int y = 0; y < before.rows; ++y) {
    const auto* b = before.ptr<float>(y);
    const auto* a = after.ptr<float>(y);
    const auto* use = usable.empty() ? nullptr : usable.ptr<unsigned char>(y);
    for (int x = 0; x < before.cols; ++x) {
      if (use && use[x] == 0) continue;
      ++total;
      if (std::min(a[x], b[x]) > kNear) continue;
      ++judged;
      sum_before += std::min(b[x], kFarOff);
      sum_after += std::min(a[x], kFarOff);
    }
  }
  if (judged == 0) return {};
  return {sum_before / judged, sum_after / judged, judged / total};
}

double background_misfit(const cv::Mat& difference, const cv::Mat& usable) {
  const Comparison same = compare(difference, difference, usable);
  return same.support < 0.02 ? -1 : same.after;
}

}  // namespace plate
