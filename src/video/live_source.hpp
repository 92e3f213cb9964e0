// Frames that come by themselves: a camera, or what stands for one.
#ifndef WORKFLOW_VIDEO_LIVE_SOURCE_HPP
#define WORKFLOW_VIDEO_LIVE_SOURCE_HPP

#include "video/clip.hpp"

namespace workflow::video {

// Ticks of every live source: microseconds of the steady clock.
constexpr int kLiveTicks = 1'000'000;

// One thread reads; stop() may come from any.
class LiveSource {
 public:
  virtual ~LiveSource() = default;

  // time_base is 1 / kLiveTicks; average_rate is 0 where the camera does not tell.
  virtual const ClipInfo& info() const = 0;

  // Waits for the next frame; its timestamp is when it was captured. false: there will be no more,
  // or stop() was called. Throws Error WF_READ_FAILED when the camera is gone.
  virtual bool read(Frame& frame) = 0;

  // A read that is under way, and every later one, gives false soon.
  virtual void stop() noexcept = 0;
};

}  // namespace workflow::video

#endif  // WORKFLOW_VIDEO_LIVE_SOURCE_HPP
