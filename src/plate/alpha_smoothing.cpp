#include "plate/alpha_smoothing.hpp"

#include <opencv2/imgproc.hpp>
#include <stdexcept>
#include <string>

#include "media/mat_view.hpp"
#include "workflow/error.hpp"

namespace plate {
namespace {

constexpr float kChange = 6.0f / 255;  // of the smoothed brightness: twice camera noise
constexpr int kReach = 5;              // pixels over which noise is averaged before it is judged

cv::Mat grey_of(const cv::Mat& pixels) {
  cv::Mat grey = pixels, result;
  if (pixels.channels() == 3) cv::cvtColor(pixels, grey, cv::COLOR_BGR2GRAY);
  if (pixels.channels() == 4) cv::cvtColor(pixels, grey, cv::COLOR_BGRA2GRAY);
  grey.convertTo(result, CV_32F, 1 / workflow::media::full_scale(pixels));
  cv::blur(result, result, {kReach, kReach});
  return result;
}

}  // namespace

struct AlphaSmoother::Last {
  cv::Mat brightness;  // CV_32F, 0..1
  cv::Mat alpha;       // smoothed, CV_32F, 0..1

  // The more alpha of the last frame, the less the brightness changed.
  void blend_into(cv::Mat& now, const cv::Mat& brightness_now, float strength) const;
};

void AlphaSmoother::Last::blend_into(cv::Mat& now, const cv::Mat& brightness_now,
                                     float strength) const {
  cv::parallel_for_({0, now.rows}, [&](const cv::Range& rows) {
    cv::Mat likeness(1, now.cols, CV_32F);
    auto* like = likeness.ptr<float>();
    for (int y = rows.start; y < rows.end; ++y) {
      const auto *grey = brightness_now.ptr<float>(y), *last_grey = brightness.ptr<float>(y);
      for (int x = 0; x < now.cols; ++x) {
        const float change = (grey[x] - last_grey[x]) / kChange;
        like[x] = -change * change;
      }
      cv::exp(likeness, likeness);
      const auto* last = alpha.ptr<float>(y);
      auto* values = now.ptr<float>(y);
      for (int x = 0; x < now.cols; ++x) {
        values[x] += strength * like[x] * (last[x] - values[x]);
      }
    }
  });
}

AlphaSmoother::~AlphaSmoother() = default;
AlphaSmoother::AlphaSmoother(AlphaSmoother&&) noexcept = default;
AlphaSmoother& AlphaSmoother::operator=(AlphaSmoother&&) noexcept = default;

AlphaSmoother::AlphaSmoother(double strength)
    : strength_(strength), last_(std::make_unique<Last>()) {
  if (strength >= 0 && strength < 1) return;
  throw std::invalid_argument("the strength of smoothing is " + std::to_string(strength) +
                              ": wanted 0 (none) or more, below 1");
}

void AlphaSmoother::smooth(const workflow::Image& frame, workflow::Image& alpha) {
  if (strength_ == 0) return;
  cv::Mat alpha_pixels = workflow::media::pixels_view(alpha.view());
  const cv::Mat grey = grey_of(workflow::media::pixels_view(frame.view()));
  if (alpha_pixels.channels() != 1 || alpha_pixels.size() != grey.size()) {
    throw workflow::Error(WF_BAD_IMAGE,
                          "alpha does not fit its frame: wanted one channel and the same size");
  }
  const double white = workflow::media::full_scale(alpha_pixels);
  cv::Mat now;
  alpha_pixels.convertTo(now, CV_32F, 1 / white);
  if (last_->brightness.size() == grey.size()) {
    last_->blend_into(now, grey, static_cast<float>(strength_));
    now.convertTo(alpha_pixels, alpha_pixels.type(), white);
    alpha.view().generation = 0;
  }
  *last_ = {grey, now};
}

}  // namespace plate
