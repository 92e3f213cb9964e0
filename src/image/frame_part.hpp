// A rectangle of a frame as a frame of its own.
#ifndef MATTING_IMAGE_FRAME_PART_HPP
#define MATTING_IMAGE_FRAME_PART_HPP

#include "image/frame.hpp"

namespace matting {

// region lies inside of view; an empty view stays empty.
template <class View>
View part_of(View view, const PixelRegion& region) {
  if (view.empty()) return view;
  view.data = view.row(region.y) + region.x * pixel_bytes(view.format);
  view.width = region.width;
  view.height = region.height;
  return view;
}

inline Frame part_of(const Frame& frame, const PixelRegion& region) {
  Frame part = frame;
  for (ImageView Frame::*view : {&Frame::image, &Frame::plate, &Frame::mask, &Frame::background}) {
    part.*view = part_of(frame.*view, region);
  }
  for (MutableImageView Frame::*view :
       {&Frame::composite, &Frame::alpha, &Frame::foreground, &Frame::error}) {
    part.*view = part_of(frame.*view, region);
  }
  return part;
}

}  // namespace matting

#endif  // MATTING_IMAGE_FRAME_PART_HPP
