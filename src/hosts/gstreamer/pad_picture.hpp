// The present frame of a pad as a picture.
#ifndef MATTING_HOSTS_GSTREAMER_PAD_PICTURE_HPP
#define MATTING_HOSTS_GSTREAMER_PAD_PICTURE_HPP

#include <gst/video/gstvideoaggregator.h>

#include <cstdint>
#include <memory>

#include "infer_background_matting/image.hpp"

namespace matting::hosts {

// Views of a mapped RGBA frame; empty for null.
ImageView view_of(const GstVideoFrame* frame, std::uint64_t generation = 0);
MutableImageView mutable_view_of(const GstVideoFrame& frame);

// Knows when a pad shows the same frame again, so that what is derived from a still plate is kept.
// Used by the streaming thread only.
class PadPicture {
 public:
  // The pad's frame as the base class has prepared it; empty where there is no pad or no frame.
  // Valid until the frame is done.
  ImageView view(GstVideoAggregatorPad* pad);
  void forget() { shown_.reset(); }

 private:
  struct Unref {
    void operator()(GstBuffer* buffer) const { gst_buffer_unref(buffer); }
  };
  std::unique_ptr<GstBuffer, Unref> shown_;  // held, so that no other buffer has its address
  std::uint64_t generation_ = 0;
};

}  // namespace matting::hosts

#endif  // MATTING_HOSTS_GSTREAMER_PAD_PICTURE_HPP
