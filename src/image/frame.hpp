// One frame of matting, as the task hands it to whichever implementation runs it.
#ifndef MATTING_IMAGE_FRAME_HPP
#define MATTING_IMAGE_FRAME_HPP

#include <cstdint>

#include "infer_background_matting/image.hpp"

namespace matting {

// Views of one frame. The task has checked and fitted them: all have image's width and height
// (16..16384); image, plate, background, composite, alpha, foreground and error have the same depth
// (8 or 16 bit); mask is kGray8. image and plate may be grey, RGB, BGR, RGBA or BGRA, each its own;
// an alpha channel of theirs is ignored. Outputs that are empty are not computed.
struct Frame {
  ImageView image;
  ImageView plate;
  ImageView
      mask;  // empty: none. 0: alpha is 0; 255: alpha is 1 and foreground the image; else free

  // The new background: a picture, or one colour (RGB, 0..255), or neither.
  ImageView background;
  bool has_background_color = false;
  std::uint8_t background_color[3] = {0, 0, 0};

  // With a new background: foreground * alpha + background * (1 - alpha), in image's format, an
  // alpha channel full. Without: RGBA (kRgba8 or kRgba16, or the BGRA one for a BGR image), colour
  // = foreground where alpha's output value is not 0, else 0; fourth channel = alpha's output
  // value.
  MutableImageView composite;
  MutableImageView alpha;       // kGray8 or kGray16
  MutableImageView foreground;  // three channels, RGB or BGR
  MutableImageView error;       // kGray8 or kGray16: coarse error brought to full size bilinearly
};

// Output values are round(clamp(x, 0, 1) * 255) or * 65535.

// Pixels [x, x + width) of the rows [y, y + height).
struct PixelRegion {
  int x = 0, y = 0, width = 0, height = 0;

  bool empty() const noexcept { return width == 0 || height == 0; }
  bool operator==(const PixelRegion& other) const noexcept {
    return x == other.x && y == other.y && width == other.width && height == other.height;
  }
};

// What an implementation tells about a frame.
struct FrameReport {
  double refined_share = 0;  // of all pixels of the padded frame, 0..1
  double error_mean = 0;     // of the coarse error map, 0..1
  double error_max = 0;
  double reused_share = 0;  // of all pixels: refined in an earlier frame; not in refined_share
  // Where the network ran; the whole frame unless settings.region_margin is given.
  PixelRegion region;
};

// Hears when a frame goes on to its next stage; measures, reports progress, cancels.
class StageObserver {
 public:
  virtual ~StageObserver() = default;
  // name: static text of the stage that begins now. Throws Error kCancelled to stop the frame.
  virtual void begin_stage(const char* name) = 0;
};

}  // namespace matting

#endif  // MATTING_IMAGE_FRAME_HPP
