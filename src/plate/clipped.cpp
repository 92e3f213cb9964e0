#include "plate/clipped.hpp"

#include <algorithm>

#include "media/mat_view.hpp"

namespace plate {
namespace {

constexpr double kDarker = 0.01;  // a smaller change of white is none
constexpr double kAgrees = 0.04;  // of a channel with the frame's, of full scale

// One row: `pixels` of `channels` values.
template <class Value>
void lift_row(const Value* frame, const unsigned char* clipped, int pixels, int channels,
              double tolerance, Value* plate) {
  for (int x = 0; x < pixels; ++x, frame += channels, clipped += channels, plate += channels) {
    if (std::none_of(clipped, clipped + channels, [](unsigned char c) { return c != 0; })) continue;
    bool agrees = true;
    for (int c = 0; c < channels; ++c) {
      const double brighter = static_cast<double>(frame[c]) - static_cast<double>(plate[c]);
      agrees = agrees && brighter > -tolerance && (clipped[c] || brighter < tolerance);
    }
    for (int c = 0; agrees && c < channels; ++c) {
      if (clipped[c]) plate[c] = std::max(plate[c], frame[c]);
    }
  }
}

template <class Value>
void lift(const cv::Mat& frame, const cv::Mat& clipped, cv::Mat& plate) {
  const double tolerance = kAgrees * workflow::media::full_scale(plate);
  for (int y = 0; y < plate.rows; ++y) {
    lift_row(frame.ptr<Value>(y), clipped.ptr(y), plate.cols, plate.channels(), tolerance,
             plate.ptr<Value>(y));
  }
}

}  // namespace

cv::Mat find_clipped(const cv::Mat& picture, const ColourMatch& match) {
  const double white = workflow::media::full_scale(picture);
  cv::Scalar limit = cv::Scalar::all(2 * white);  // of channels that stay as bright
  for (int c = 0; c < picture.channels(); ++c) {
    const int of = picture.channels() == 1 ? ColourMatch::kGrey : c;
    if (match.gain[of] + match.bias[of] < 1 - kDarker) limit[c] = kClipped * white;
  }
  cv::Mat clipped;
  cv::compare(picture, limit, clipped, cv::CMP_GE);
  if (cv::countNonZero(clipped.reshape(1)) == 0) return {};
  return clipped;
}

void lift_clipped(const cv::Mat& frame, const cv::Mat& clipped, cv::Mat& plate) {
  if (clipped.empty()) return;
  if (plate.depth() == CV_8U) lift<unsigned char>(frame, clipped, plate);
  if (plate.depth() == CV_16U) lift<unsigned short>(frame, clipped, plate);
  if (plate.depth() == CV_32F) lift<float>(frame, clipped, plate);
}

}  // namespace plate
