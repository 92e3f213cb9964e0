// A live matte into a video file, beside what is shown.
#ifndef LIVE_RECORDER_HPP
#define LIVE_RECORDER_HPP

#include <string>

#include "live/live_sink.hpp"
#include "video_matting/output_writer.hpp"

namespace live {

// Encodes in a thread of its own; frames that it has no time for are left out, and the others keep
// their times. The file gets its name when it is complete; until then its parts lie in PATH.parts,
// where they also stay after a failure.
class Recorder final : public LiveSink {
 public:
  // path: the ending decides the format, as for matting video. clip: of the camera.
  // has_background: the composite has no alpha. Throws workflow::Error WF_NOT_SUPPORTED,
  // WF_WRITE_FAILED for what can be known to go wrong.
  Recorder(const std::string& path, const workflow::video::ClipInfo& clip, bool has_background);
  ~Recorder();  // without a frame, nothing is left
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  // Throws what the encoder threw.
  void show(const video_matting::FramePointer& frame) override;

  // Completes the file; without any frame, or after show() threw, there is none. Call once, last.
  // Throws workflow::Error.
  void finish();

  std::int64_t frames() const { return frames_; }  // in the file
  std::int64_t left_out() const { return left_out_; }

 private:
  video_matting::PlannedOutput output_;
  video_matting::Journal journal_;
  video_matting::OutputWriter writer_;
  std::int64_t frames_ = 0;
  std::int64_t left_out_ = 0;
  bool finished_ = false;  // well or not
};

}  // namespace live

#endif  // LIVE_RECORDER_HPP
