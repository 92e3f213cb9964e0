// The first stage of a live matte: the camera is read in a thread of its own, always to the newest
// frame.
#ifndef LIVE_CAPTURE_STAGE_HPP
#define LIVE_CAPTURE_STAGE_HPP

#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>

#include "video/live_source.hpp"
#include "video_matting/frame_ring.hpp"

namespace live {

// Whoever is slower than the camera gets its newest frame and never an older one: frames that
// nobody took in time are dropped and counted, so that no delay builds up. All functions are called
// from one thread.
class CaptureStage {
 public:
  // source belongs to the stage's thread until finish() or the end of the stage's life.
  explicit CaptureStage(workflow::video::LiveSource& source);
  ~CaptureStage();
  CaptureStage(const CaptureStage&) = delete;
  CaptureStage& operator=(const CaptureStage&) = delete;

  // The newest frame, once; null if none has come within wait, or none will come: see ended().
  video_matting::FramePointer newest(std::chrono::milliseconds wait);
  bool ended() const;

  // Frames that were captured and that nobody took, so far.
  std::int64_t dropped() const;

  // Ends the thread. Throws what the source threw.
  void finish();

 private:
  void work();

  workflow::video::LiveSource& source_;
  video_matting::FrameRing ring_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  video_matting::FramePointer newest_;  // null: taken
  std::int64_t dropped_ = 0;
  bool ended_ = false;
  std::exception_ptr failure_;
  std::thread thread_;
};

}  // namespace live

#endif  // LIVE_CAPTURE_STAGE_HPP
