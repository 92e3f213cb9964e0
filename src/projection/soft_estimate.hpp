// The estimate of soft pixels under given distributions.
#ifndef MATTING_PROJECTION_SOFT_ESTIMATE_HPP
#define MATTING_PROJECTION_SOFT_ESTIMATE_HPP

#include "engine/isa.hpp"
#include "image/pixel_rows.hpp"
#include "projection/joint_axes.hpp"

namespace matting {

constexpr int kSoftSteps = 8;  // alphas that are tried: 0/8, 1/8, ..., 8/8

// What is the same for all pixels of a place.
struct SoftTerms {
  JointAxes axes;
  float precision[kSoftSteps + 1][3];  // 1 / variance along each axis, for each alpha
  float weight[kSoftSteps + 1];        // the normal distribution's factor times the prior's
};

// Pixels of one row; the pointers are not owned. All values are 0..1; reach is how far an estimate
// replaces the network's alpha. Up to kSoftMargin values behind the last pixel are read.
constexpr int kSoftMargin = 8;
struct SoftPixels {
  RgbRow image, plate;
  RgbRow subject, plate_error;  // means around each pixel
  const float* reach;
  const float* network;  // its alpha

  SoftPixels from(int first) const;  // those from that one on
};

struct SoftEstimate {
  // Into alpha: the posterior's median. Into certainty: kLeastDeviation / the posterior's standard
  // deviation, 1 at most.
  void (*alpha)(const SoftTerms& terms, const SoftPixels& pixels, int count, float* alpha,
                float* certainty);
  // Into foreground, as far as it is within reach: the subject's colour that is most likely under
  // this alpha.
  void (*foreground)(const SoftTerms& terms, const SoftPixels& pixels, int count,
                     const float* alpha, const RgbRow& foreground);
};

constexpr float kLeastDeviation = 0.03f;

// The one for that level, which the CPU must have. All give the same bytes.
SoftEstimate soft_estimate_for(engine::Isa isa);

}  // namespace matting

#endif  // MATTING_PROJECTION_SOFT_ESTIMATE_HPP
