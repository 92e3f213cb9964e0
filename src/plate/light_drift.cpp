#include "plate/light_drift.hpp"

#include <opencv2/imgproc.hpp>

#include "media/mat_view.hpp"
#include "plate/misfit.hpp"
#include "plate/working_picture.hpp"

namespace plate {
namespace {

constexpr int kFieldSide = 48;       // cells
constexpr double kBlur = 2.0;        // cells
constexpr double kRate = 0.02;       // of the difference at each frame: half of it in 35 frames
constexpr double kDue = 0.75 / 255;  // smaller changes cannot be seen in 8 bit
constexpr double kLeastWeight = 0.05;

// The field at pixels' size and channels, in their unit.
cv::Mat spread(const cv::Mat& field, const cv::Mat& pixels) {
  cv::Mat colour = field * workflow::media::full_scale(pixels), result;
  if (pixels.channels() == 1) cv::cvtColor(colour, colour, cv::COLOR_BGR2GRAY);
  cv::resize(colour, result, pixels.size(), 0, 0, cv::INTER_LINEAR);
  return result;
}

}  // namespace

void LightDrift::learn(const cv::Mat& frame, const cv::Mat& plate, const cv::Mat& background) {
  const cv::Mat base = applied_to(plate);
  // Only small steps: what is far off is a thing, not the light.
  cv::Mat weight, offset = frame - base;
  const cv::Mat near = (difference(frame, base) < kNear / 2) & background;
  near.convertTo(weight, CV_32F, 1.0 / 255);
  cv::Mat weights[] = {weight, weight, weight}, weights3;
  cv::merge(weights, 3, weights3);
  offset = offset.mul(weights3);
  const cv::Size cells = working_size(frame.size(), kFieldSide);
  cv::resize(offset, offset, cells, 0, 0, cv::INTER_AREA);
  cv::resize(weights3, weights3, cells, 0, 0, cv::INTER_AREA);
  cv::GaussianBlur(offset, offset, {}, kBlur);
  cv::GaussianBlur(weights3, weights3, {}, kBlur);
  const cv::Mat step = offset / (weights3 + cv::Scalar::all(kLeastWeight));
  if (field_.empty()) field_ = cv::Mat::zeros(cells, CV_32FC3);
  field_ += kRate * step;
}

bool LightDrift::is_due() const {
  if (field_.empty()) return false;
  const cv::Mat change = applied_.empty() ? field_ : cv::Mat(field_ - applied_);
  return cv::norm(change, cv::NORM_INF) > kDue;
}

void LightDrift::apply(cv::Mat& pixels) {
  applied_ = field_.clone();
  if (field_.empty()) return;
  cv::add(pixels, spread(field_, pixels), pixels, cv::noArray(), pixels.type());
}

cv::Mat LightDrift::applied_to(const cv::Mat& working) const {
  if (field_.empty()) return working;
  return working + spread(field_, working);
}

double LightDrift::mean_levels() const {
  if (field_.empty()) return 0;
  return 255 * cv::norm(field_, cv::NORM_L1) / (3.0 * double(field_.total()));
}

}  // namespace plate
