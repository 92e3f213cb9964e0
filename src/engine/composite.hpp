// The composite of a frame, a stretch of a row at a time, with the kernels.
#ifndef MATTING_ENGINE_COMPOSITE_HPP
#define MATTING_ENGINE_COMPOSITE_HPP

#include "engine/kernels/kernels.hpp"
#include "image/frame.hpp"

namespace matting::engine {

constexpr int kCompositePlanes = 7;  // of floats, to work in

// Pixels [x, x + count) of row y of frame.composite, as Frame describes it. alpha, colors: of those
// pixels, 0..1. memory: kCompositePlanes * pitch floats, pitch >= count.
void write_composite(const Kernels& kernels, const Frame& frame, int x, int y, int count,
                     const float* alpha, const float* const colors[3], float* memory, int pitch);

}  // namespace matting::engine

#endif  // MATTING_ENGINE_COMPOSITE_HPP
