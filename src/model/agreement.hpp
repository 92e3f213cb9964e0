// Do two implementations compute the same matte?
#ifndef MATTING_MODEL_AGREEMENT_HPP
#define MATTING_MODEL_AGREEMENT_HPP

#include "model/matting_model.hpp"

namespace matting {

// How far two mattes are apart, in levels of 255.
struct Difference {
  double mean = 0;
  int largest = 0;
};

// Runs both on a small made-up frame, with full refinement or without any as the models allow, and
// compares alpha and foreground. Throws what the models throw.
Difference compare_mattes(MattingModel& first, MattingModel& second);

}  // namespace matting

#endif  // MATTING_MODEL_AGREEMENT_HPP
