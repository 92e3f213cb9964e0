// Do two implementations compute the same matte?
#ifndef MATTING_MODEL_AGREEMENT_HPP
#define MATTING_MODEL_AGREEMENT_HPP

#include "model/matting_model.hpp"

namespace matting {

// Runs both on a small made-up frame, with full refinement or without any as the models allow, and
// compares alpha and foreground: within 2 of 255 levels everywhere. Throws what the models throw.
bool same_matte(MattingModel& first, MattingModel& second);

}  // namespace matting

#endif  // MATTING_MODEL_AGREEMENT_HPP
