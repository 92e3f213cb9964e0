// What patches were refined to in the frame before, for frames of one video.
#ifndef MATTING_ENGINE_KEPT_PATCHES_HPP
#define MATTING_ENGINE_KEPT_PATCHES_HPP

#include <cstdint>
#include <vector>

#include "engine/geometry.hpp"
#include "engine/kernels/kernels.hpp"
#include "engine/output.hpp"
#include "engine/patch_refiner.hpp"

namespace matting::engine {

// A patch's result holds as long as nothing that it was computed from has changed by more than a
// threshold since it was computed, however long ago that is: a slow fade adds up. Compared are the
// image's colours around it, as far as the refiner reads (in 8 bits), and its coarse alpha and
// foreground. Whoever uses this sees to it that plate and settings are the same.
// Made and run by one thread, on team_size() threads.
class KeptPatches {
 public:
  KeptPatches(const Kernels& kernels, const Geometry& geometry)
      : kernels_(kernels), geometry_(geometry) {}

  void forget() noexcept { records_.clear(); }

  // patches: selected in this frame, rising. Begins a frame; threshold: [0, 1].
  void begin(const ImageView& image, const CoarsePlanes& coarse,
             const std::vector<std::int32_t>& patches, double threshold);
  // What patches[i] was refined to; null: to be refined.
  const RefinedPatch* result(std::size_t i) const noexcept {
    return holding_[i] < 0 ? nullptr : &records_[holding_[i]].result;
  }
  // What patches[first, first + count) are now; all of them must be told before end().
  void keep(std::size_t first, std::size_t count, const RefinedPatch* results);
  void end() noexcept { records_.swap(next_); }

  std::size_t bytes() const noexcept {
    return (records_.capacity() + next_.capacity()) * sizeof(Record);
  }

 private:
  static constexpr int kReach = 6;  // pixels beyond a patch, see Refiner
  static constexpr int kSide = kPatch + 2 * kReach;

  struct Inputs {
    std::uint8_t colors[kSide * kSide * 3];
    float coarse[4];
  };
  struct Record {
    std::int32_t patch;
    Inputs inputs;
    RefinedPatch result;
  };

  void read(std::int32_t patch, Inputs* inputs) const;

  const Kernels& kernels_;
  Geometry geometry_;
  ImageView image_;  // of this frame, as the next two
  CoarsePlanes coarse_{};
  std::vector<std::int32_t> patches_;
  std::vector<std::int32_t> holding_;  // of each patch of this frame: its record, or -1
  std::vector<Record> records_, next_;
};

}  // namespace matting::engine

#endif  // MATTING_ENGINE_KEPT_PATCHES_HPP
