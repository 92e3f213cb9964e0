// Alpha and foreground of pixels of which subject and background are both known as distributions.
#ifndef MATTING_PROJECTION_SOFT_MODEL_HPP
#define MATTING_PROJECTION_SOFT_MODEL_HPP

#include "projection/soft_kernels.hpp"

namespace matting {

// image = alpha * subject + (1 - alpha) * background, where the subject's colour is normally
// distributed with the mean and covariance of the sure subject around, and the background's with
// those of the plate plus its error around (Chuang et al., "A Bayesian approach to digital
// matting", CVPR 2001, with the background known); both with noise. This says how likely every
// alpha is. The network's alpha is the prior, with more weight on exactly 0 and 1, where most
// pixels of an edge are. The result is the median, which has the least expected absolute error, and
// the subject's colour that is most likely under an alpha.
class SoftModel {
 public:
  SoftModel() = default;
  // Covariances of the subject's colour and of image minus plate, without noise; positive
  // semidefinite.
  SoftModel(const Spread& subject, const Spread& error);

  // See SoftKernels.
  void estimate_alpha(const SoftPixels& pixels, int count, float* alpha, float* certainty) const;
  void estimate_foreground(const SoftPixels& pixels, int count, const float* alpha,
                           const RgbRow& foreground) const;

  const SoftTerms& terms() const noexcept { return terms_; }

 private:
  SoftTerms terms_;
};

}  // namespace matting

#endif  // MATTING_PROJECTION_SOFT_MODEL_HPP
