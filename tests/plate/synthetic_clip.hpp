// Clips whose truth is known: a sample's person over its plate, the camera and the light disturbed.
#ifndef TESTS_PLATE_SYNTHETIC_CLIP_HPP
#define TESTS_PLATE_SYNTHETIC_CLIP_HPP

#include <opencv2/core.hpp>
#include <string>

#include "workflow/image.hpp"

namespace plate {

// What happens to the camera between the plate and a frame. Pixels are those of the frame.
struct Disturbance {
  double shift_x = 0, shift_y = 0;
  double degrees = 0;
  double zoom = 1;
  double stops = 0;   // on linear light
  double warmer = 0;  // red times 1 + warmer, blue divided by it, on linear light
};

struct SyntheticFrame {
  workflow::Image image;  // bgr8
  workflow::Image alpha;  // gray8, the truth
  cv::Mat true_plate;     // CV_8UC3: what the camera would see without the subject and noise
};

// One of sample_image/ at another size.
class SyntheticScene {
 public:
  SyntheticScene(const std::string& sample, cv::Size size);

  const workflow::Image& plate() const { return plate_; }
  cv::Size size() const { return size_; }

  // The subject stands subject_shift pixels to the right of its place. seed: of the sensor noise.
  SyntheticFrame frame(const Disturbance& disturbance, double subject_shift = 0,
                       unsigned seed = 1) const;

  // From pixels of the plate to those of the frame.
  cv::Matx33d plate_to_frame(const Disturbance& disturbance) const;

 private:
  cv::Size size_;
  cv::Mat plate_linear_, foreground_linear_, alpha_;  // CV_32F; linear light, wider than the frame
  workflow::Image plate_;
};

// CV_8U or CV_16U pixels as an image: grey, BGR or BGRA.
workflow::Image image_from(const cv::Mat& pixels);
cv::Mat pixels_of(const workflow::Image& image);  // a view
cv::Mat pixels_of(workflow::Image&& image);       // a copy: the image goes

// Mean absolute difference of two gray8 images, times 1000: MAD as the field gives it.
double mean_difference(const workflow::Image& a, const workflow::Image& b);

}  // namespace plate

#endif  // TESTS_PLATE_SYNTHETIC_CLIP_HPP
