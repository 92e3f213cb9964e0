// Sizes of a frame.
#ifndef MATTING_ENGINE_GEOMETRY_HPP
#define MATTING_ENGINE_GEOMETRY_HPP

#include "infer_background_matting/network.hpp"

namespace matting::engine {

constexpr int kPatch = 4;  // pixels, side of a refined patch

// Of an image of width x height under given settings. Throws Error kInvalidArgument if the
// coarse size would be nothing.
struct Geometry {
  Geometry(const NetworkSettings& settings, int image_width, int image_height);

  int width, height;                // of the image
  int padded_width, padded_height;  // multiples of 4, by repeating the last column and row
  int coarse_width, coarse_height;  // of the base network's input
  bool refines;

  int patch_columns() const noexcept { return padded_width / kPatch; }
  int patch_rows() const noexcept { return padded_height / kPatch; }
  bool operator==(const Geometry& other) const noexcept {
    return width == other.width && height == other.height && coarse_width == other.coarse_width &&
           coarse_height == other.coarse_height && refines == other.refines;
  }
};

}  // namespace matting::engine

#endif  // MATTING_ENGINE_GEOMETRY_HPP
