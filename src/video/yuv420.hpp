// Quick ways between 8-bit YUV 4:2:0, which nearly all films are, and pixels of three bytes.
#ifndef WORKFLOW_VIDEO_YUV420_HPP
#define WORKFLOW_VIDEO_YUV420_HPP

#include <cstdint>
#include <optional>
#include <vector>

#include "workflow/image.hpp"

namespace workflow::video {

// A plane of luma and two of half its width and height (rounded up): Cb and Cr. Not owned.
template <typename Byte>
struct Yuv420Planes {
  Byte* data[3];
  int stride[3];  // bytes
  int width, height;
};

// Weights of red and blue in luma.
struct LumaWeights {
  double red, blue;
};

// Those of an AVCOL_SPC_*; nothing for one that is no such matrix.
std::optional<LumaWeights> luma_weights(int matrix);

// Where a column of chroma lies: beside the left one of its two pixels (MPEG-2, H.264 and their
// heirs, unless a file says otherwise), or between them (JPEG). A row lies between two rows.
enum class ChromaSite { kLeft, kCentre };

// By the definition of the matrix (ITU-R BT.709 3.2 to 3.5, BT.601, BT.2020), in 16-bit integers:
// at most 0.6 of a level from it, 0.5 being the rounding. Chroma is brought to every pixel by
// linear interpolation, and comes from them by its reverse. One thread at a time.
class Yuv420Conversion {
 public:
  Yuv420Conversion(const LumaWeights& weights, bool full_range);

  // dst and src: WF_FORMAT_RGB8 or WF_FORMAT_BGR8, of the planes' size.
  void to_pixels(const Yuv420Planes<const std::uint8_t>& src, ChromaSite site, const wf_image& dst);
  // Chroma lies at kLeft.
  void to_planes(const wf_image& src, const Yuv420Planes<std::uint8_t>& dst);

  // In fixed point; what stands in their comments is the factor.
  struct ToPixels {
    std::int16_t luma, red_cr, green_cb, green_cr, blue_cb;  // times 2^13
    std::int16_t black;                                      // luma of it
  };
  struct ToPlanes {
    std::int16_t luma[3], cb[3], cr[3];  // of red, green, blue; times 2^15
    std::int16_t black;
  };

 private:
  void make_room(int width);

  ToPixels to_pixels_;
  ToPlanes to_planes_;
  std::vector<std::int16_t> rows_;  // what a row needs in between
};

}  // namespace workflow::video

#endif  // WORKFLOW_VIDEO_YUV420_HPP
