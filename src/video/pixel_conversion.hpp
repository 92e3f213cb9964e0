// Between the pixels of video files and images.
#ifndef WORKFLOW_VIDEO_PIXEL_CONVERSION_HPP
#define WORKFLOW_VIDEO_PIXEL_CONVERSION_HPP

#include "video/libav.hpp"
#include "video/yuv420.hpp"

namespace workflow::video {

// The matrix that players assume where a file names none: BT.709 from HD on, else BT.601.
int assumed_matrix(int width, int height);

// Converts frames of one size and format to another format. The context is made at the first frame
// and kept while the frames stay alike. One thread at a time.
class PixelConversion {
 public:
  // A decoded frame into dst, an RGB image of the frame's size. Where the frame has no tags, those
  // of colour hold. Throws Error WF_NOT_SUPPORTED.
  void to_image(const AVFrame& src, const ColourTags& colour, Image& dst);

  // An image into dst, a frame with buffers, format and size set; YUV as colour says.
  void to_frame(const wf_image& src, const ColourTags& colour, AVFrame& dst);

 private:
  struct Side {
    int width = 0, height = 0, format = -1, matrix = 0, full_range = 0;
    bool left_chroma = false;  // beside the left of two pixels, not between them
    bool operator==(const Side& other) const;
  };
  void prepare(const Side& src, const Side& dst);
  Yuv420Conversion* quick_way(const Side& yuv, wf_format pixels);
  AVFrame& planes_for(const wf_image& image);
  const AVFrame& fill_planes(const wf_image& src, double white);

  Side src_, dst_;
  LibavPointer<SwsContext> context_;
  Side quick_side_;
  std::optional<Yuv420Conversion> quick_;
  LibavPointer<AVFrame> planes_;  // a picture on its way, where that is faster
};

}  // namespace workflow::video

#endif  // WORKFLOW_VIDEO_PIXEL_CONVERSION_HPP
