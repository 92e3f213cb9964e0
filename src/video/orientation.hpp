// Turning frames upright as a file's display matrix asks.
#ifndef WORKFLOW_VIDEO_ORIENTATION_HPP
#define WORKFLOW_VIDEO_ORIENTATION_HPP

#include <cstdint>

#include "workflow/image.hpp"

namespace workflow::video {

// One of the eight ways to lay a picture on a grid: x' = xx x + xy y, y' = yx x + yy y, moved so
// that the result begins at 0. Each coefficient is -1, 0 or 1.
struct Orientation {
  int xx = 1, xy = 0;
  int yx = 0, yy = 1;
  bool upright() const { return xx == 1 && yy == 1; }
  bool swaps_sides() const { return xx == 0; }
};

// matrix: the nine numbers of a display matrix (16.16 fixed point, rows a b u, c d v, x y w), null
// for none. An angle that is no multiple of 90 degrees is taken as upright.
Orientation orientation_of(const std::int32_t* matrix);

// Fills dst, whose sides fit, with src laid out so. Formats are the same.
void orient(const Image& src, const Orientation& orientation, Image& dst);

}  // namespace workflow::video

#endif  // WORKFLOW_VIDEO_ORIENTATION_HPP
