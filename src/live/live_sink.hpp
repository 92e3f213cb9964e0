// Where a live matte goes: a window, a virtual camera, a file.
#ifndef LIVE_LIVE_SINK_HPP
#define LIVE_LIVE_SINK_HPP

#include <functional>

#include "video_matting/frame_ring.hpp"

namespace live {

// One thread, in the order of the frames.
class LiveSink {
 public:
  virtual ~LiveSink() = default;

  // The frame with its composite and alpha; both are empty as long as there is no plate. A sink
  // that others look at shows nothing then: what is behind a person is not given away by accident.
  // May keep three frames at a time, and only read them. Throws workflow::Error.
  virtual void show(const video_matting::FramePointer& frame) = 0;
};

// A sink made of a function that wants matted frames only.
class CompositeSink final : public LiveSink {
 public:
  using Write = std::function<void(const workflow::Image& composite)>;
  explicit CompositeSink(Write write) : write_(std::move(write)) {}
  void show(const video_matting::FramePointer& frame) override {
    const workflow::Image& composite = frame->results[video_matting::kComposite];
    if (!composite.empty()) write_(composite);
  }

 private:
  Write write_;
};

}  // namespace live

#endif  // LIVE_LIVE_SINK_HPP
