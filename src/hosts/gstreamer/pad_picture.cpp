#include "hosts/gstreamer/pad_picture.hpp"

#include "hosts/session/generation.hpp"

namespace matting::hosts {

ImageView view_of(const GstVideoFrame* frame, std::uint64_t generation) {
  if (frame == nullptr) return {};
  return {PixelFormat::kRgba8,
          GST_VIDEO_FRAME_WIDTH(frame),
          GST_VIDEO_FRAME_HEIGHT(frame),
          GST_VIDEO_FRAME_PLANE_STRIDE(frame, 0),
          GST_VIDEO_FRAME_PLANE_DATA(frame, 0),
          generation};
}

MutableImageView mutable_view_of(const GstVideoFrame& frame) {
  const ImageView view = view_of(&frame);
  return {view.format, view.width, view.height, view.stride_bytes,
          GST_VIDEO_FRAME_PLANE_DATA(&frame, 0)};
}

ImageView PadPicture::view(GstVideoAggregatorPad* pad) {
  if (pad == nullptr) return {};
  GstBuffer* const buffer = gst_video_aggregator_pad_get_current_buffer(pad);
  if (buffer == nullptr) return {};
  if (buffer != shown_.get()) {
    shown_.reset(gst_buffer_ref(buffer));
    generation_ = next_generation();
  }
  return view_of(gst_video_aggregator_pad_get_prepared_frame(pad), generation_);
}

}  // namespace matting::hosts
