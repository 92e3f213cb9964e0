#include "plate/synthetic_clip.hpp"

#include <cmath>
#include <opencv2/imgproc.hpp>

#include "media/image_file.hpp"
#include "media/mat_view.hpp"
#include "plate/frame_format.hpp"

namespace plate {
namespace {

constexpr double kNoise = 1.5;  // levels of 8 bit

float to_linear(float v) {
  return v <= 0.04045f ? v / 12.92f : std::pow((v + 0.055f) / 1.055f, 2.4f);
}

float to_display(float v) {
  return v <= 0.0031308f ? v * 12.92f : 1.055f * std::pow(v, 1 / 2.4f) - 0.055f;
}

cv::Mat each(cv::Mat picture, float (*function)(float)) {
  for (int y = 0; y < picture.rows; ++y) {
    auto* row = picture.ptr<float>(y);
    for (int i = 0; i < picture.cols * picture.channels(); ++i) row[i] = function(row[i]);
  }
  return picture;
}

cv::Mat read(const std::string& name, cv::Size size) {
  const std::string path = std::string(MATTING_SOURCE_DIR "/sample_image/") + name;
  const workflow::Image image = workflow::media::read_image(path);
  cv::Mat small;
  cv::resize(workflow::media::bgr_view(image.view()), small, size, 0, 0, cv::INTER_AREA);
  small.convertTo(small, CV_32F, 1.0 / 255);
  return small;
}

cv::Mat moved(const cv::Mat& picture, const cv::Matx33d& from_to, int border) {
  cv::Mat result;
  cv::warpPerspective(picture, result, from_to, picture.size(), cv::INTER_CUBIC, border);
  return result;
}

}  // namespace

SyntheticScene::SyntheticScene(const std::string& sample, cv::Size size)
    : size_(size),
      plate_linear_(each(read(sample + "_plate.jpg", size), to_linear)),
      foreground_linear_(each(read(sample + "_foreground.jpg", size), to_linear)),
      alpha_(read(sample + "_alpha.png", size)) {
  cv::Mat bytes;
  each(plate_linear_.clone(), to_display).convertTo(bytes, CV_8U, 255);
  plate_ = image_from(bytes);
}

cv::Matx33d SyntheticScene::plate_to_frame(const Disturbance& d) const {
  const double x = (size_.width - 1) / 2.0, y = (size_.height - 1) / 2.0;
  const double angle = d.degrees * CV_PI / 180;
  const double c = d.zoom * std::cos(angle), s = d.zoom * std::sin(angle);
  return cv::Matx33d(c, -s, x + d.shift_x, s, c, y + d.shift_y, 0, 0, 1) *
         cv::Matx33d(1, 0, -x, 0, 1, -y, 0, 0, 1);
}

SyntheticFrame SyntheticScene::frame(const Disturbance& d, double subject_shift,
                                     unsigned seed) const {
  // The border beyond the plate: mirrored, so that there is something new to see there.
  const cv::Mat plate = moved(plate_linear_, plate_to_frame(d), cv::BORDER_REFLECT);
  const cv::Matx33d walk(1, 0, subject_shift, 0, 1, 0, 0, 0, 1);
  const cv::Mat foreground = moved(foreground_linear_, walk, cv::BORDER_REPLICATE);
  cv::Mat alpha = cv::min(cv::max(moved(alpha_, walk, cv::BORDER_CONSTANT), 0), 1), alpha3;
  cv::cvtColor(alpha, alpha3, cv::COLOR_GRAY2BGR);
  const double gain = std::exp2(d.stops);
  const cv::Scalar light(gain / (1 + d.warmer), gain, gain * (1 + d.warmer));
  const auto developed = [&](const cv::Mat& scene) {
    cv::Mat lit;
    cv::multiply(cv::max(scene, 0), light, lit);
    return each(lit, to_display);
  };
  // Blended on display values, as the samples are.
  const cv::Mat plate_seen = developed(plate);
  cv::Mat seen = plate_seen.mul(cv::Scalar::all(1) - alpha3) + developed(foreground).mul(alpha3);
  cv::Mat noise(size_, CV_32FC3);
  cv::RNG(seed).fill(noise, cv::RNG::NORMAL, 0, kNoise / 255);
  seen += noise;
  cv::Mat bytes, alpha_bytes;
  seen.convertTo(bytes, CV_8U, 255);
  alpha.convertTo(alpha_bytes, CV_8U, 255);
  SyntheticFrame result{image_from(bytes), image_from(alpha_bytes), {}};
  plate_seen.convertTo(result.true_plate, CV_8U, 255);
  return result;
}

workflow::Image image_from(const cv::Mat& pixels) {
  const bool wide = pixels.depth() == CV_16U;
  const wf_format formats[2][3] = {{WF_FORMAT_GRAY8, WF_FORMAT_BGR8, WF_FORMAT_BGRA8},
                                   {WF_FORMAT_GRAY16, WF_FORMAT_BGR16, WF_FORMAT_BGRA16}};
  return image_of(pixels, formats[wide][pixels.channels() == 1 ? 0 : pixels.channels() - 2]);
}

cv::Mat pixels_of(const workflow::Image& image) {
  return workflow::media::pixels_view(image.view());
}

cv::Mat pixels_of(workflow::Image&& image) {
  return workflow::media::pixels_view(image.view()).clone();
}

double mean_difference(const workflow::Image& a, const workflow::Image& b) {
  return 1000 * cv::norm(pixels_of(a), pixels_of(b), cv::NORM_L1) / 255 /
         double(pixels_of(a).total());
}

}  // namespace plate
