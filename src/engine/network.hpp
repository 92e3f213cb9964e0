// What engines of one model share: its layers, their packed weights, the kernels for this CPU.
#ifndef MATTING_ENGINE_NETWORK_HPP
#define MATTING_ENGINE_NETWORK_HPP

#include <optional>
#include <string>

#include "engine/dilated_convolution.hpp"
#include "engine/handed_on.hpp"
#include "engine/isa.hpp"
#include "engine/kernels/kernels.hpp"
#include "engine/layers.hpp"
#include "engine/onednn.hpp"

namespace matting::engine {

// Immutable to its users and safe in any thread.
class Network {
 public:
  // isa: a lower level than the process's; see process_isa. Throws Error kModelInvalid.
  explicit Network(WeightMap weights, std::optional<Isa> isa = std::nullopt)
      : layers_(std::move(weights)),
        hands_on_(engine::hands_on(layers_)),
        isa_(process_isa(isa)),
        kernels_(kernels_for(isa_)) {}

  const Layers& layers() const noexcept { return layers_; }
  // The refiner's convolutions, and what only they read, are left out.
  bool hands_on() const noexcept { return hands_on_; }
  Isa isa() const noexcept { return isa_; }
  const Kernels& kernels() const noexcept { return kernels_; }
  PackedWeights& packed() const noexcept { return packed_; }
  TapWeights& tap_weights() const noexcept { return tap_weights_; }

 private:
  Layers layers_;
  bool hands_on_;
  Isa isa_;
  const Kernels& kernels_;
  // Caches with locks of their own.
  mutable PackedWeights packed_;
  mutable TapWeights tap_weights_;
};

}  // namespace matting::engine

#endif  // MATTING_ENGINE_NETWORK_HPP
