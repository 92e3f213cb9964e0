// What a moving picture is: its size, time and colour, and one frame of it.
#ifndef WORKFLOW_VIDEO_CLIP_HPP
#define WORKFLOW_VIDEO_CLIP_HPP

#include <cstdint>

#include "workflow/image.hpp"

namespace workflow::video {

struct Rational {
  int numerator = 0;
  int denominator = 1;
  double value() const {
    return denominator == 0 ? 0 : static_cast<double>(numerator) / denominator;
  }
};

// How values mean colours: the code points of ITU-T H.273 that files carry; 2 is "unspecified".
struct ColourTags {
  bool full_range = false;  // of luma and chroma; RGB is always full
  int matrix = 2;           // 0: RGB
  int primaries = 2;
  int transfer = 2;
};

struct ClipInfo {
  std::uint32_t width = 0;  // pixels, upright: after the rotation that the file asks for
  std::uint32_t height = 0;
  bool sixteen_bit = false;  // frames come as 16-bit images (more than 8 bits in the file)
  Rational time_base;        // seconds of one tick of every timestamp
  Rational average_rate;     // frames a second, as the file says; 0 if it does not
  Rational sample_aspect{1, 1};
  ColourTags colour;
  std::int64_t expected_frames =
      0;                          // what the header promises, good for a progress bar; 0: unknown
  std::int64_t first_number = 1;  // of a sequence's file names; 1 for a video
};

// image's pixels belong to whoever reads; a reader writes over them if size and format still fit.
struct Frame {
  Image image;
  std::int64_t timestamp = 0;  // in ticks of the clip's time_base
  std::int64_t duration = 0;   // ticks; 0: unknown
};

}  // namespace workflow::video

#endif  // WORKFLOW_VIDEO_CLIP_HPP
