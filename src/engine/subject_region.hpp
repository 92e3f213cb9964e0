// Where image and plate differ.
#ifndef MATTING_ENGINE_SUBJECT_REGION_HPP
#define MATTING_ENGINE_SUBJECT_REGION_HPP

#include <cstdint>
#include <vector>

#include "engine/kernels/kernels.hpp"
#include "image/frame.hpp"

namespace matting::engine {

// Chooses the rectangle that the network is to see. Rectangles move by steps and keep their size
// while it fits, so that the plan for a size lasts. Made and run by one thread, on
// team_size() threads.
class SubjectRegion {
 public:
  explicit SubjectRegion(const Kernels& kernels) : kernels_(kernels) {}

  // image and plate of one size; margin: of the longer side, on each side. Empty: they differ
  // nowhere. A plate of another generation begins anew: nothing of earlier frames plays a part.
  PixelRegion choose(const ImageView& image, const ImageView& plate, double margin);

 private:
  // The smallest rectangle of whole blocks that holds every block that differs.
  PixelRegion differing(const ImageView& image, const ImageView& plate);
  void measure_row(const ImageView& image, const ImageView& plate, int block_row, int thread);

  const Kernels& kernels_;
  std::vector<std::uint8_t> differs_;       // of each block
  std::vector<std::vector<float>> memory_;  // per thread
  int width_ = 0, height_ = 0;              // of the last rectangle
  std::uint64_t plate_generation_ = 0;      // of the last frame
};

}  // namespace matting::engine

#endif  // MATTING_ENGINE_SUBJECT_REGION_HPP
