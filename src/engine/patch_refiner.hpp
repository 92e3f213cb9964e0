// How selected patches get their result: see Refiner, and HandedOnPatches for weights that need no
// convolutions.
#ifndef MATTING_ENGINE_PATCH_REFINER_HPP
#define MATTING_ENGINE_PATCH_REFINER_HPP

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/geometry.hpp"
#include "engine/stage_times.hpp"
#include "image/frame.hpp"

namespace matting::engine {

// One refined patch: alpha and residual RGB, four rows of four pixels each.
struct RefinedPatch {
  float planes[4][kPatch][kPatch];
};

// Made and run by one thread, on team_size() threads; keeps its buffers between frames.
class PatchRefiner {
 public:
  virtual ~PatchRefiner() = default;

  // Begins a frame, whose base network has run. patches: all that will be refined in it, rising.
  // The frame's views must last until the last run().
  virtual void begin(const Frame& frame, const std::vector<std::int32_t>& patches,
                     StageTimes& times) = 0;
  // Patches of the rows [first_row, first_row + rows), rising; result i belongs to patches[i].
  virtual void run(const std::int32_t* patches, int count, int first_row, int rows,
                   StageTimes& times) = 0;
  virtual const RefinedPatch* results() const noexcept = 0;  // until the next run()
  virtual std::size_t bytes() const noexcept = 0;
};

}  // namespace matting::engine

#endif  // MATTING_ENGINE_PATCH_REFINER_HPP
