#include "task/plate_check.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <vector>

#include "image/pixel_rows.hpp"

namespace matting {
namespace {

constexpr double kGridPixels = 20000;
// Beyond camera noise, compression and a small change of exposure (together under 3 % on ordinary
// footage): another scene, a moved camera or another exposure.
constexpr double kLargestMisfit = 0.08;
constexpr double kSmallestSubject = 0.0005;
constexpr double kLargestSubject = 0.98;

class ColourRow {
 public:
  explicit ColourRow(int width) : width_(width), values_(3 * static_cast<std::size_t>(width)) {}
  void read(const ImageView& view, int y) { read_rgb_row(view, y, row()); }
  double difference(ColourRow& other, int x) {
    double sum = 0;
    for (int c = 0; c < 3; ++c) {
      const std::size_t at = static_cast<std::size_t>(c) * width_ + x;
      sum += std::abs(values_[at] - other.values_[at]);
    }
    return sum / 3;
  }

 private:
  RgbRow row() {
    float* data = values_.data();
    return {data, data + width_, data + 2 * static_cast<std::size_t>(width_)};
  }
  int width_;
  std::vector<float> values_;
};

}  // namespace

PlateFit measure_plate_fit(const Frame& frame) {
  const int width = frame.image.width, height = frame.image.height;
  const int step = std::max(1, static_cast<int>(std::sqrt(double(width) * height / kGridPixels)));
  ColourRow image(width), plate(width);
  std::vector<float> alpha(width);
  double total = 0, subject = 0, background = 0, misfit = 0;
  for (int y = step / 2; y < height; y += step) {
    image.read(frame.image, y);
    plate.read(frame.plate, y);
    read_first_channel_row(frame.alpha, y, alpha.data());
    for (int x = step / 2; x < width; x += step, ++total) {
      if (alpha[x] > 0.5f) ++subject;
      if (alpha[x] >= 0.01f) continue;
      ++background;
      misfit += image.difference(plate, x);
    }
  }
  PlateFit fit;
  fit.subject_share = subject / total;
  fit.background_share = background / total;
  fit.background_misfit = background > 0 ? misfit / background : 0;
  return fit;
}

void warn_of_plate(const PlateFit& fit, Warnings& warnings) {
  if (fit.background_misfit > kLargestMisfit) {
    char text[200];
    std::snprintf(text, sizeof text,
                  "the plate does not fit: where no subject was found it differs from the image by "
                  "%.0f %% on average; was the camera moved, or the exposure changed?",
                  100 * fit.background_misfit);
    warnings.push_back(text);
  }
  if (fit.subject_share < kSmallestSubject) {
    warnings.push_back(
        "no subject found: image and plate show the same; is the subject in the plate too?");
  }
  if (fit.subject_share > kLargestSubject) {
    warnings.push_back("the subject fills the whole image: is the plate of the same scene?");
  }
}

}  // namespace matting
