// From the host's bytes to the base network's input.
#ifndef MATTING_ENGINE_INPUT_HPP
#define MATTING_ENGINE_INPUT_HPP

#include <vector>

#include "engine/geometry.hpp"
#include "engine/kernels/kernels.hpp"
#include "engine/resample.hpp"
#include "infer_background_matting/image.hpp"

namespace matting::engine {

// Image and plate, padded by repeating their edges, brought to coarse size bilinearly, in [0, 1],
// as pixels of kColorPitch channels. Parallel over rows; made and run by one thread, on
// team_size() threads.
class InputPass {
 public:
  InputPass(const Kernels& kernels, const Geometry& geometry);

  // out: coarse_height * coarse_width pixels.
  template <class T>
  void read(const ImageView& image, const ImageView& plate, T* out);

  std::size_t bytes() const noexcept;

 private:
  // Three planes of a coarse row of one picture, at `out` and its followers, coarse pitch apart.
  void read_row(const ImageView& view, int y, float* memory, float* out, const float* planes[3]);

  const Kernels& kernels_;
  Geometry geometry_;
  BilinearAxis rows_, columns_;
  std::vector<std::vector<float>> memory_;  // per thread
};

}  // namespace matting::engine

#endif  // MATTING_ENGINE_INPUT_HPP
