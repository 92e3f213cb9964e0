// A video file as frames.
#ifndef WORKFLOW_VIDEO_VIDEO_READER_HPP
#define WORKFLOW_VIDEO_VIDEO_READER_HPP

#include "video/frame_source.hpp"
#include "video/libav.hpp"
#include "video/orientation.hpp"
#include "video/pixel_conversion.hpp"
#include "video/seek_point.hpp"

namespace workflow::video {

class VideoReader final : public FrameSource {
 public:
  explicit VideoReader(const std::string& path);

  const ClipInfo& info() const override { return info_; }
  bool read(Frame& frame) override;
  bool skip(std::int64_t count) override;
  std::vector<std::string> warnings() const override;

  // About the frame that was read or passed last; checksum: SHA-256 of its pixels as decoded.
  std::int64_t timestamp() const { return timestamp_; }
  std::string checksum() const;

  // Frames so far whose times were made up, because the file gives none or wrong ones.
  std::int64_t mended_times() const { return mended_times_; }

  // Goes on at point. False where this video does not allow it exactly: what read gives is then
  // undefined.
  bool seek(const SeekPoint& point);

 private:
  void read_facts();
  bool decode();
  bool is_wanted(const AVPacket& packet) const;
  void send_next_packet();
  void keep_time();
  void convert(Frame& frame);
  double seconds() const;

  std::string path_;
  InputPointer input_;
  AVStream* stream_ = nullptr;
  LibavPointer<AVCodecContext> decoder_;
  LibavPointer<AVPacket> packet_ = make_packet();
  LibavPointer<AVFrame> decoded_ = make_frame();
  PixelConversion conversion_;
  Orientation orientation_;
  Image before_turning_;
  ClipInfo info_;
  std::int64_t frames_ = 0;
  std::int64_t timestamp_ = 0;  // of the last frame
  std::int64_t duration_ = 0;
  std::int64_t damaged_ = 0;  // packets or frames that could not be decoded
  std::int64_t mended_times_ = 0;
  std::int64_t interlaced_ = 0;
  std::string early_end_;
  bool skips_to_key_ = false;  // packets before the next key frame are passed over
  bool drained_ = false;       // no more packets
  bool ended_ = false;
};

}  // namespace workflow::video

#endif  // WORKFLOW_VIDEO_VIDEO_READER_HPP
