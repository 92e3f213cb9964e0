// What a refiner that hands the coarse matte on would put out, without its convolutions.
#ifndef MATTING_ENGINE_HANDED_ON_PATCHES_HPP
#define MATTING_ENGINE_HANDED_ON_PATCHES_HPP

#include <cstdint>
#include <vector>

#include "engine/output.hpp"
#include "engine/patch_refiner.hpp"
#include "engine/resample.hpp"

namespace matting::engine {

// For weights that hands_on() recognises. A patch is coarse alpha and foreground brought to half
// size, bilinearly, and each pixel there put out as 2x2: coarser than what patches that are not
// selected get, which are interpolated at full size. It is what these weights say, and what the
// other engine computes with them. Hidden features are not read.
class HandedOnPatches : public PatchRefiner {
 public:
  // coarse: where the base network leaves its maps in every frame.
  HandedOnPatches(const Geometry& geometry, const CoarsePlanes& coarse);

  void begin(const Frame&, const std::vector<std::int32_t>&, StageTimes&) override {}
  void run(const std::int32_t* patches, int count, int first_row, int rows,
           StageTimes& times) override;
  const RefinedPatch* results() const noexcept override { return results_.data(); }
  std::size_t bytes() const noexcept override;

 private:
  void fill(std::int32_t patch, RefinedPatch* result) const;

  Geometry geometry_;
  CoarsePlanes coarse_;
  BilinearAxis rows_, columns_;  // coarse to half size
  std::vector<RefinedPatch> results_;
};

}  // namespace matting::engine

#endif  // MATTING_ENGINE_HANDED_ON_PATCHES_HPP
