// Weights whose refiner hands the coarse matte on.
#ifndef MATTING_ENGINE_HANDED_ON_HPP
#define MATTING_ENGINE_HANDED_ON_HPP

#include "engine/layers.hpp"

namespace matting::engine {

// Is the refiner the untrained one of models/matting_models/network/refiner.py, pass_coarse_maps?
// Four channels carry alpha and foreground through the middle taps of its convolutions, and nothing
// reads the others: in a patch it puts out the coarse maps brought to half size, each pixel four
// times. Any other value in what is read, however near, and the answer is no; only the ones may
// have BatchNorm's epsilon in them. False without a refiner.
bool hands_on(const Layers& layers);

}  // namespace matting::engine

#endif  // MATTING_ENGINE_HANDED_ON_HPP
