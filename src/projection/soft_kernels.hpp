// Loops over soft pixels, one set for each level of instructions.
#ifndef MATTING_PROJECTION_SOFT_KERNELS_HPP
#define MATTING_PROJECTION_SOFT_KERNELS_HPP

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

// Pixels of a row and of the rows above and below. Not owned; values from the one before the first
// to the kSmoothMargin-th behind the last are read. All are 0..1.
constexpr int kSmoothMargin = kSoftMargin + 1;
struct SoftRows {
  RgbRow image[3];
  const float* alpha[3];
  const float* certainty[3];  // see SoftKernels; 0 where there is no pixel
};

struct SoftKernels {
  // Into alpha: the posterior's median. Into certainty: kLeastDeviation / the posterior's standard
  // deviation, 1 at most.
  void (*estimate_alpha)(const SoftTerms& terms, const SoftPixels& pixels, int count, float* alpha,
                         float* certainty);
  // Into foreground, as far as it is within reach: the subject's colour that is most likely under
  // this alpha.
  void (*estimate_foreground)(const SoftTerms& terms, const SoftPixels& pixels, int count,
                              const float* alpha, const RgbRow& foreground);
  // Into alpha, of the middle row: the mean over the 3x3 pixels around, each weighted with its
  // certainty squared (1 / variance), its likeness of colour and its nearness (Tomasi and Manduchi,
  // "Bilateral filtering for gray and color images", ICCV 1998, the range in `image`). Where a
  // pixel says little about its alpha, neighbours of the same colour that say more decide.
  void (*smooth)(const SoftRows& rows, int count, float* alpha);
};

constexpr float kLeastDeviation = 0.03f;

// Those for that level, which the CPU must have. All give the same bytes.
const SoftKernels& soft_kernels_for(engine::Isa isa);
// Those for the level of this process.
const SoftKernels& process_soft_kernels();

}  // namespace matting

#endif  // MATTING_PROJECTION_SOFT_KERNELS_HPP
