// The last stage: one output's encoder, in a thread of its own.
#ifndef VIDEO_MATTING_OUTPUT_WRITER_HPP
#define VIDEO_MATTING_OUTPUT_WRITER_HPP

#include <atomic>
#include <exception>
#include <thread>

#include "video/part.hpp"
#include "video_matting/journal.hpp"

namespace video_matting {

// Writes frames into parts of part_frames each and tells the journal of every complete one. push
// and finish are called from one thread.
class OutputWriter {
 public:
  OutputWriter(const PlannedOutput& output, std::size_t index, std::int64_t part_frames,
               Journal& journal);
  ~OutputWriter();  // without finish(): what is not in a complete part is dropped

  // Waits while the encoder is behind; false once it has failed.
  bool push(FramePointer frame) { return queue_.push(std::move(frame)); }
  bool behind() { return queue_.full(); }  // push would wait

  // Waits until all is written. whole: the frames end here, so that the last part is complete
  // however short; else it is closed, for a look at it, but not put into the journal. Throws what
  // the encoder threw.
  void finish(bool whole);

  std::int64_t parts() const { return parts_; }  // parts that exist, once finish() has returned
  double busy_seconds() const { return busy_seconds_; }

 private:
  void work();
  void write(const FrameSlot& frame);
  void close_part(bool complete);

  const PlannedOutput& output_;
  const std::size_t index_;
  const std::int64_t part_frames_;
  Journal& journal_;
  BoundedQueue<FramePointer> queue_;
  std::unique_ptr<workflow::video::PartWriter> part_;
  std::int64_t frames_in_part_ = 0;
  std::int64_t parts_;
  workflow::Image joined_;
  std::atomic<bool> whole_{false};
  std::atomic<bool> drop_{true};  // the last part, when the queue ends
  double busy_seconds_ = 0;
  std::exception_ptr failure_;
  std::thread thread_;
};

}  // namespace video_matting

#endif  // VIDEO_MATTING_OUTPUT_WRITER_HPP
