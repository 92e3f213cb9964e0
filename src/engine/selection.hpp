// Which 4x4 patches are refined (BackgroundMattingV2 model/refiner.py, select_refinement_regions).
#ifndef MATTING_ENGINE_SELECTION_HPP
#define MATTING_ENGINE_SELECTION_HPP

#include <cstdint>
#include <vector>

#include "infer_background_matting/network.hpp"

namespace matting::engine {

// Selects patches by their error; keeps its buffers between frames. Parallel, on
// team_size() threads; the result does not depend on their number.
class PatchSelection {
 public:
  // error: count values in [0, 1], one a patch. Sampling takes the min(pixels / 16, count) largest
  // errors, of equal ones those that torch.topk takes for these values, and of these the ones above
  // 0; thresholding all above the threshold; full all.
  void select(const NetworkSettings& settings, const float* error, int count);

  // Indices of the selected patches, rising.
  const std::vector<std::int32_t>& patches() const noexcept { return patches_; }

 private:
  struct Ranked {
    float error;
    std::int32_t index;
  };

  void sample(const float* error, int count, std::int64_t wanted);
  void sample_ties(const float* error, int count, std::int64_t wanted);
  void count_bins(const float* error, int count);
  int last_bin(std::int64_t wanted, std::int64_t* above) const;
  void collect(const float* error, int count, int bin, std::int64_t above);

  std::vector<std::int32_t> patches_, certain_, candidates_;
  std::vector<std::int32_t> histograms_;  // of each part
  std::vector<Ranked> ranked_;
};

}  // namespace matting::engine

#endif  // MATTING_ENGINE_SELECTION_HPP
