// Images into packets of one video stream.
#ifndef WORKFLOW_VIDEO_VIDEO_ENCODER_HPP
#define WORKFLOW_VIDEO_VIDEO_ENCODER_HPP

#include <functional>
#include <map>

#include "video/clip.hpp"
#include "video/libav.hpp"
#include "video/output_format.hpp"
#include "video/pixel_conversion.hpp"

namespace workflow::video {

// Two encoders made alike give, for the same frames, the same bytes: the number of threads is fixed
// and nothing depends on time. One thread at a time. Throws Error WF_WRITE_FAILED.
class VideoEncoder {
 public:
  using Sink = std::function<void(AVPacket&)>;  // borrows the packet during the call

  // Size, time base, rate, aspect and colour are the clip's.
  VideoEncoder(const OutputFormat& format, const ClipInfo& clip);

  // image: the clip's size; grey, RGB or RGBA as the format was chosen for. timestamp and duration
  // in the clip's time base; timestamps grow. Packets come with timestamps in that base too.
  void encode(const wf_image& image, std::int64_t timestamp, std::int64_t duration,
              const Sink& sink);

  // Hands out what the encoder still holds. Call once, last.
  void finish(const Sink& sink);

  // The stream's description, for a container.
  LibavPointer<AVCodecParameters> parameters() const;

 private:
  void open(const OutputFormat& format, const ClipInfo& clip);
  void drain(const Sink& sink);

  ColourTags colour_;
  LibavPointer<AVCodecContext> encoder_;
  LibavPointer<AVFrame> frame_;
  LibavPointer<AVPacket> packet_ = make_packet();
  PixelConversion conversion_;
  std::map<std::int64_t, std::int64_t> durations_;  // by timestamp, of frames inside the encoder
  std::int64_t frames_ = 0;
  bool ends_ = false;
};

}  // namespace workflow::video

#endif  // WORKFLOW_VIDEO_VIDEO_ENCODER_HPP
