// The first stage: decoded frames, and what goes along with them, in a thread of its own.
#ifndef VIDEO_MATTING_DECODE_STAGE_HPP
#define VIDEO_MATTING_DECODE_STAGE_HPP

#include <exception>
#include <optional>
#include <thread>

#include "video_matting/frame_ring.hpp"
#include "video_matting/timed_pictures.hpp"

namespace video_matting {

// Frames first, first + 1, ... of a source, up to end (exclusive) or the source's own. pop and
// finish are called from one thread; the source and the films belong to the stage's thread until
// finish() or the end of its life.
class DecodeStage {
 public:
  // plate and background: null where there is no film of it. begin: timestamp of frame 0, given
  // when the source stands at frame first already; else it stands at its beginning.
  DecodeStage(workflow::video::FrameSource& source, TimedPictures* plate, TimedPictures* background,
              std::int64_t first, std::int64_t end, std::optional<std::int64_t> begin = {});
  ~DecodeStage();

  // The next frame; null after the last, or when decoding failed: finish() says which.
  FramePointer pop();

  // Ends the thread. Throws what decoding threw.
  void finish();

  double busy_seconds() const { return busy_seconds_; }  // after finish()

 private:
  void work();
  bool fill(FrameSlot& slot);
  void go_to_first();

  workflow::video::FrameSource& source_;
  TimedPictures* plate_;
  TimedPictures* background_;
  const std::int64_t first_;
  const std::int64_t end_;
  FrameRing ring_;
  BoundedQueue<FramePointer> queue_;
  std::optional<std::int64_t> begin_;  // timestamp of frame 0
  std::int64_t next_;                  // number of the next frame
  double busy_seconds_ = 0;
  std::exception_ptr failure_;
  std::thread thread_;
};

}  // namespace video_matting

#endif  // VIDEO_MATTING_DECODE_STAGE_HPP
