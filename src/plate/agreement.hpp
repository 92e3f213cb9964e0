// What several pictures of one place agree on.
#ifndef PLATE_AGREEMENT_HPP
#define PLATE_AGREEMENT_HPP

#include <opencv2/core.hpp>
#include <vector>

namespace plate {

// One picture that is laid on the others. shown: 8 bit, 0 where it does not show the place.
struct Layer {
  cv::Mat pixels;  // 8 or 16 bit; 1 or 3 channels; all layers alike
  cv::Mat shown;
};

struct Agreement {
  cv::Mat pixels;  // the mean of the layers that agree
  cv::Mat unsure;  // 8 bit: 255 where fewer than half of them agree or two looks are as frequent
};

// At each pixel the look that most layers have within a tolerance. At least one layer.
Agreement agree(const std::vector<Layer>& layers);

}  // namespace plate

#endif  // PLATE_AGREEMENT_HPP
