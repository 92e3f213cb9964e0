#include "video_matting/output_writer.hpp"

#include <malloc.h>

#include "video_matting/background_thread.hpp"
#include "video_matting/stopwatch.hpp"

namespace video_matting {
namespace {

constexpr std::size_t kQueueFrames = 2;

}  // namespace

OutputWriter::OutputWriter(const PlannedOutput& output, std::size_t index, std::int64_t part_frames,
                           Journal& journal)
    : output_(output),
      index_(index),
      part_frames_(part_frames),
      journal_(journal),
      queue_(kQueueFrames),
      parts_(static_cast<std::int64_t>(journal.parts().size())),
      thread_([this] { work(); }) {}

OutputWriter::~OutputWriter() {
  if (!thread_.joinable()) return;
  queue_.abandon();
  thread_.join();
}

void OutputWriter::finish(bool whole) {
  whole_ = whole;
  drop_ = false;
  queue_.close();
  thread_.join();
  if (failure_) std::rethrow_exception(failure_);
}

void OutputWriter::work() {
  stand_back();
  try {
    while (const auto frame = queue_.pop()) {
      const Stopwatch watch;
      write(**frame);
      busy_seconds_ += watch.seconds();
    }
    if (part_ && !drop_) close_part(whole_);
  } catch (...) {
    failure_ = std::current_exception();
    queue_.abandon();
  }
}

void OutputWriter::write(const FrameSlot& frame) {
  if (!part_) {
    part_ = workflow::video::make_part_writer(output_.plan, journal_.part_path(index_, parts_));
  }
  const workflow::Image& picture = picture_for(output_, frame, joined_);
  part_->write(picture.view(), frame.number, frame.source.timestamp, frame.source.duration);
  if (++frames_in_part_ == part_frames_) close_part(true);
}

void OutputWriter::close_part(bool complete) {
  const std::string hash = part_->finish();
  part_.reset();
  malloc_trim(0);  // the next part's encoder seldom fits into the gaps that this one leaves
  if (complete) journal_.record(index_, parts_, frames_in_part_, hash);
  frames_in_part_ = 0;
  ++parts_;
}

}  // namespace video_matting
