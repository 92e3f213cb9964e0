// The few frames that a job works on at once.
#ifndef VIDEO_MATTING_FRAME_RING_HPP
#define VIDEO_MATTING_FRAME_RING_HPP

#include <array>
#include <memory>

#include "video/clip.hpp"
#include "video_matting/bounded_queue.hpp"

namespace video_matting {

// Indices of the matting task's inputs and outputs.
enum TaskInput : std::size_t { kImage, kPlate, kBackground, kMask };
enum TaskOutput : int { kComposite, kAlpha, kForeground, kError };
constexpr int kTaskOutputs = 4;

// A frame on its way, with all that belongs to it. One thread at a time writes; once matted it is
// only read.
struct FrameSlot {
  std::int64_t number = 0;  // in the source, from 0
  workflow::video::Frame source;
  workflow::Image plate;       // of a plate video; empty: the job's one plate
  workflow::Image background;  // of a background video; empty: the job's one or none
  std::array<workflow::Image, kTaskOutputs> results;  // empty: not wanted
  workflow::Image backdrop;  // the new background as it lies behind this frame; empty: not wanted
  double decode_ms = 0;
};

// Slots go round: whoever lets go of the last pointer to one gives it back, with its buffers, for
// the next frame. Any thread.
class FrameRing {
 public:
  explicit FrameRing(std::size_t size) : free_(std::make_shared<Free>(size)) {
    for (std::size_t i = 0; i < size; ++i) free_->push(std::make_unique<FrameSlot>());
  }

  // Waits for a free slot; null once the ring is closed.
  std::shared_ptr<FrameSlot> take() {
    auto slot = free_->pop();
    if (!slot) return nullptr;
    return {slot->release(),
            [free = free_](FrameSlot* used) { free->push(std::unique_ptr<FrameSlot>(used)); }};
  }

  void close() { free_->abandon(); }

 private:
  using Free = BoundedQueue<std::unique_ptr<FrameSlot>>;
  std::shared_ptr<Free> free_;
};

using FramePointer = std::shared_ptr<FrameSlot>;

}  // namespace video_matting

#endif  // VIDEO_MATTING_FRAME_RING_HPP
