// Slow changes of light that differ from place to place: the sun goes round, a lamp warms up.
#ifndef PLATE_LIGHT_DRIFT_HPP
#define PLATE_LIGHT_DRIFT_HPP

#include <opencv2/core.hpp>

namespace plate {

// A coarse field of colour offsets. Coarse on purpose: it can follow light, but it cannot learn the
// outline of a subject that the network missed.
class LightDrift {
 public:
  // frame, plate: working pictures of one size, the plate without this field. background: 8 bit,
  // not 0 where the frame surely shows background.
  void learn(const cv::Mat& frame, const cv::Mat& plate, const cv::Mat& background);
  void reset() { field_.release(), applied_.release(); }

  // The field has moved away from what apply() last added by more than can be ignored.
  bool is_due() const;
  // Adds the field to pixels, 8 or 16 bit, any size.
  void apply(cv::Mat& pixels);
  // The same for a working picture; does not count as applied.
  cv::Mat applied_to(const cv::Mat& working) const;
  double mean_levels() const;  // of 255

 private:
  cv::Mat field_, applied_;  // CV_32FC3, 0..1; empty: zero
};

}  // namespace plate

#endif  // PLATE_LIGHT_DRIFT_HPP
