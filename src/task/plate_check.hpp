// Does the plate belong to the image? A cheap look after each run, for the warnings.
#ifndef MATTING_TASK_PLATE_CHECK_HPP
#define MATTING_TASK_PLATE_CHECK_HPP

#include "image/frame.hpp"
#include "task/input_fitting.hpp"

namespace matting {

// What a grid of about 20,000 pixels says.
struct PlateFit {
  double subject_share = 0;      // pixels with alpha above one half, 0..1
  double background_share = 0;   // pixels with alpha below 1 %
  double background_misfit = 0;  // mean absolute difference of image and plate there, 0..1
};

// frame.alpha must be given and written.
PlateFit measure_plate_fit(const Frame& frame);

// Adds a line for each thing that looks wrong: a plate that does not fit, nothing found, everything
// found.
void warn_of_plate(const PlateFit& fit, Warnings& warnings);

}  // namespace matting

#endif  // MATTING_TASK_PLATE_CHECK_HPP
