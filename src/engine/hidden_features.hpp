// The hidden features that the base hands to the refiner, where the refiner reads them.
#ifndef MATTING_ENGINE_HIDDEN_FEATURES_HPP
#define MATTING_ENGINE_HIDDEN_FEATURES_HPP

#include <cstdint>
#include <memory>
#include <vector>

#include "engine/arena.hpp"
#include "engine/coarse_blocks.hpp"
#include "engine/joined_input.hpp"
#include "engine/network.hpp"

namespace matting::engine {

// decoder.conv4's hidden outputs, block by block, since a typical frame refines a twentieth of its
// patches. Made and run by one thread, on team_size() threads.
template <class T>
class HiddenFeatures {
 public:
  // low, skip: what decoder.conv4 reads.
  HiddenFeatures(const Network& network, const FeatureMap& low, const FeatureMap& skip);

  // maps: the size of skip, kMapPitch channels: decoder.conv4's other outputs, clamped. coarse:
  // kCoarsePitch channels; written are the pixels of the blocks (indices as CoarseBlocks numbers
  // them), hidden features rectified, and the maps behind them.
  void run(const T* low, const T* skip, const T* maps, const std::vector<std::int32_t>& blocks,
           T* coarse);

  std::size_t bytes() const noexcept;
  const std::shared_ptr<Convolution>& primitive() const noexcept { return convolutions_.front(); }

 private:
  void run_block(int block, int thread, const T* low, const T* skip, const T* maps, T* coarse);

  int width_, height_;
  Layer layer_;
  JoinedInput<T> input_;
  std::size_t join_bytes_, scratch_bytes_;
  std::vector<std::shared_ptr<Convolution>> convolutions_;  // per thread
  std::vector<AlignedBlock> memory_;                        // per thread
};

}  // namespace matting::engine

#endif  // MATTING_ENGINE_HIDDEN_FEATURES_HPP
