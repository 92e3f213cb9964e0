// What this machine gives at best: the measure for the engine's figures.
#ifndef MATTING_BENCHMARKS_CONVOLUTION_CEILING_HPP
#define MATTING_BENCHMARKS_CONVOLUTION_CEILING_HPP

#include "engine/isa.hpp"

namespace matting::benchmarks {

// GFLOP/s of the fastest of three large convolutions (240x136 pixels) by oneDNN on `threads`
// threads; best of some runs.
double convolution_ceiling(Precision precision, int threads);

// GB/s of copying (bytes read plus bytes written) 64 MiB on `threads` threads; best of some runs.
double copy_ceiling(int threads);

}  // namespace matting::benchmarks

#endif  // MATTING_BENCHMARKS_CONVOLUTION_CEILING_HPP
