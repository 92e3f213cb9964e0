// Weights of the published names and shapes with random values, for tests that need no fixtures.
#ifndef MATTING_TESTS_ENGINE_MADE_UP_WEIGHTS_HPP
#define MATTING_TESTS_ENGINE_MADE_UP_WEIGHTS_HPP

#include "engine/weights.hpp"
#include "infer_background_matting/network.hpp"

namespace matting::engine {

// Values keep activations near 1 throughout, so that every layer matters to the outputs.
WeightMap made_up_weights(Backbone backbone, bool with_refiner = true);

// Gives them the refiner that hands the coarse matte on: see
// models/matting_models/network/refiner.py, pass_coarse_maps. Channels that it does not read stay
// random.
void hand_on(WeightMap* weights);

}  // namespace matting::engine

#endif  // MATTING_TESTS_ENGINE_MADE_UP_WEIGHTS_HPP
