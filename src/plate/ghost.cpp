#include "plate/ghost.hpp"

#include <opencv2/imgproc.hpp>

#include "plate/misfit.hpp"

namespace plate {
namespace {

constexpr double kLeastArea = 0.003;  // of the picture
constexpr double kPlateEdge = 0.62;   // share of the outline's contrast that lies in the plate

cv::Mat edges(const cv::Mat& picture) {
  cv::Mat grey, x, y;
  cv::cvtColor(picture, grey, cv::COLOR_BGR2GRAY);
  cv::GaussianBlur(grey, grey, {}, 1.0);
  cv::Sobel(grey, x, CV_32F, 1, 0);
  cv::Sobel(grey, y, CV_32F, 0, 1);
  cv::magnitude(x, y, x);
  return x;
}

}  // namespace

Ghost find_ghost(const cv::Mat& plate, const cv::Mat& frame, const cv::Mat& shown) {
  cv::Mat differs = (difference(frame, plate) > kNear * 0.6f) & shown;
  const cv::Mat cross = cv::getStructuringElement(cv::MORPH_ELLIPSE, {5, 5});
  cv::morphologyEx(differs, differs, cv::MORPH_OPEN, cross);
  cv::Mat labels, facts, middles;
  const int count = cv::connectedComponentsWithStats(differs, labels, facts, middles);
  const cv::Mat plate_edges = edges(plate), frame_edges = edges(frame);
  Ghost ghost;
  double weighted = 0;
  for (int i = 1; i < count; ++i) {
    const double share = facts.at<int>(i, cv::CC_STAT_AREA) / double(labels.total());
    if (share < kLeastArea) continue;
    cv::Mat outline;
    cv::morphologyEx(labels == i, outline, cv::MORPH_GRADIENT, cross);
    const double in_plate = cv::mean(plate_edges, outline)[0];
    const double in_frame = cv::mean(frame_edges, outline)[0];
    const double part = in_plate / (in_plate + in_frame + 1e-6);
    if (part < kPlateEdge) continue;
    ghost.share += share;
    weighted += share * part;
  }
  if (ghost.share > 0) ghost.confidence = weighted / ghost.share;
  return ghost;
}

}  // namespace plate
