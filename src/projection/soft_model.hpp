// Alpha and foreground of pixels of which subject and background are both known as distributions.
#ifndef MATTING_PROJECTION_SOFT_MODEL_HPP
#define MATTING_PROJECTION_SOFT_MODEL_HPP

#include "image/pixel_rows.hpp"
#include "projection/joint_axes.hpp"

namespace matting {

// image = alpha * subject + (1 - alpha) * background, where the subject's colour is normally
// distributed with the mean and covariance of the sure subject around, and the background's with
// those of the plate plus its error around (Chuang et al., "A Bayesian approach to digital
// matting", CVPR 2001, with the background known); both with noise. This says how likely every
// alpha is. The network's alpha is the prior, with more weight on exactly 0 and 1, where most
// pixels of an edge are. The result is the median, which has the least expected absolute error, and
// the subject's colour that is most likely under it.
class SoftModel {
 public:
  static constexpr int kSteps = 8;  // alphas that are tried: 0/8, 1/8, ..., 8/8

  SoftModel() = default;
  // Covariances of the subject's colour and of image minus plate, without noise; positive
  // semidefinite.
  SoftModel(const Spread& subject, const Spread& error);

  // Pixels of one row; the pointers are not owned. All values are 0..1; reach is how far the
  // result replaces what was there. Up to kMargin values behind the last pixel are read.
  static constexpr int kMargin = 8;
  struct Pixels {
    RgbRow image, plate;
    RgbRow subject, plate_error;  // means around each pixel
    const float* reach;
    float* alpha;       // the network's; replaced
    RgbRow foreground;  // the network's; replaced; null where it is not wanted

    Pixels from(int first) const;  // those from that one on
  };
  void estimate(const Pixels& pixels, int count) const;

 private:
  struct Posterior;
  void estimate_together(const Pixels& pixels, int count) const;
  void to_axes(const Pixels& pixels, int count, Posterior& out) const;
  void measure(const float* alpha, int count, Posterior& posterior) const;
  void update_alpha(const Pixels& pixels, int count, const Posterior& posterior) const;
  void update_foreground(const Pixels& pixels, int count, const Posterior& posterior) const;

  JointAxes axes_;
  float precision_[kSteps + 1][3];  // 1 / variance along each axis, for each alpha
  float weight_[kSteps + 1];        // the normal distribution's factor times the prior's
};

}  // namespace matting

#endif  // MATTING_PROJECTION_SOFT_MODEL_HPP
