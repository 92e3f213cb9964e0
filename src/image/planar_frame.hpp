// The plain way of a frame between the host's pixels and planes of floats, as a tensor library
// wants them. The native engine does the same in fused passes and is tested against this.
#ifndef MATTING_IMAGE_PLANAR_FRAME_HPP
#define MATTING_IMAGE_PLANAR_FRAME_HPP

#include <cstdint>

#include "image/frame.hpp"

namespace matting {

// The smallest size not below `side` that the network takes (a multiple of 4).
constexpr int padded_side(int side) {
  return (side + 3) / 4 * 4;
}

// view as three planes (red, green, blue) of padded_width x padded_height floats, 0..1, one after
// the other; what lies beyond the picture repeats its last column and row.
void read_planes(const ImageView& view, int padded_width, int padded_height, float* planes);

// Results of the network for the padded frame. Planes are rows of padded_width values; not owned.
struct PlanarResult {
  int padded_width = 0;
  int padded_height = 0;
  const float* alpha = nullptr;       // 0..1
  const float* foreground = nullptr;  // three planes, 0..1
  const float* error = nullptr;       // error_width x error_height, 0..1
  int error_width = 0;
  int error_height = 0;
  // Instead of alpha and foreground, from where moving a quarter of the memory counts: 0..255.
  const std::uint8_t* alpha_bytes = nullptr;
  const std::uint8_t* foreground_bytes = nullptr;
};

// Writes every output of frame that is wanted: crops, applies the mask, composites, scales the
// error bilinearly (pixel centres aligned, borders repeated), rounds.
void write_frame(const PlanarResult& result, const Frame& frame);

}  // namespace matting

#endif  // MATTING_IMAGE_PLANAR_FRAME_HPP
