// Frames one after the other, out of a video file or a folder of pictures.
#ifndef WORKFLOW_VIDEO_FRAME_SOURCE_HPP
#define WORKFLOW_VIDEO_FRAME_SOURCE_HPP

#include <memory>
#include <string>
#include <vector>

#include "video/clip.hpp"

namespace workflow::video {

// One thread at a time. Functions throw Error WF_READ_FAILED, WF_TOO_LARGE, WF_NOT_SUPPORTED.
class FrameSource {
 public:
  virtual ~FrameSource() = default;

  virtual const ClipInfo& info() const = 0;

  // The next frame; false after the last one. Reads as long as frames come, whatever the header
  // promised. Timestamps grow from frame to frame.
  virtual bool read(Frame& frame) = 0;

  // Passes over count frames, exactly those that read would have given; false if there are fewer.
  virtual bool skip(std::int64_t count) = 0;

  // What was wrong with the file so far, for people: a damaged packet, an early end.
  virtual std::vector<std::string> warnings() const = 0;
};

// A video file, a pattern ("frames/%05d.png"), or a folder of numbered pictures of one kind.
// rate (frames a second) is that of a sequence, which has none of its own.
std::unique_ptr<FrameSource> open_frame_source(const std::string& path, const Rational& rate);

// Whether path names a sequence (a folder, or a name with a %d in it) rather than one file.
bool is_sequence(const std::string& path);

}  // namespace workflow::video

#endif  // WORKFLOW_VIDEO_FRAME_SOURCE_HPP
