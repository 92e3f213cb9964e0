#include "video_matting/decode_stage.hpp"

#include "video_matting/background_thread.hpp"
#include "video_matting/stopwatch.hpp"

namespace video_matting {
namespace {

// One that is decoded, two that are matted, one that is encoded, and those that wait: one before
// the plate's repair, one before matting, one before encoding. More would only take memory.
constexpr std::size_t kRingFrames = 7;
constexpr std::size_t kQueueFrames = 2;

}  // namespace

DecodeStage::DecodeStage(workflow::video::FrameSource& source, TimedPictures* plate,
                         TimedPictures* background, std::int64_t first, std::int64_t end,
                         std::optional<std::int64_t> begin)
    : source_(source),
      plate_(plate),
      background_(background),
      first_(first),
      end_(end),
      ring_(kRingFrames),
      queue_(kQueueFrames),
      begin_(begin),
      next_(first),
      thread_([this] { work(); }) {}

DecodeStage::~DecodeStage() {
  ring_.close();
  queue_.abandon();
  if (thread_.joinable()) thread_.join();
}

FramePointer DecodeStage::pop() {
  return queue_.pop().value_or(nullptr);
}

void DecodeStage::finish() {
  ring_.close();
  queue_.abandon();
  thread_.join();
  if (failure_) std::rethrow_exception(failure_);
}

void DecodeStage::work() {
  stand_back();
  try {
    go_to_first();
    while (next_ < end_) {
      FramePointer slot = ring_.take();
      if (!slot || !fill(*slot) || !queue_.push(std::move(slot))) break;
    }
  } catch (...) {
    failure_ = std::current_exception();
  }
  queue_.close();
}

// Frame 0 is read in any case: films that go along begin with it.
void DecodeStage::go_to_first() {
  if (first_ == 0 || begin_) return;
  workflow::video::Frame frame;
  if (!source_.read(frame)) return;
  begin_ = frame.timestamp;
  source_.skip(first_ - 1);
}

bool DecodeStage::fill(FrameSlot& slot) {
  const Stopwatch watch;
  if (!source_.read(slot.source)) return false;
  if (!begin_) begin_ = slot.source.timestamp;
  slot.number = next_++;
  const double seconds =
      static_cast<double>(slot.source.timestamp - *begin_) * source_.info().time_base.value();
  if (plate_ != nullptr) slot.plate = plate_->at(seconds);
  if (background_ != nullptr) slot.background = background_->at(seconds);
  slot.decode_ms = watch.seconds() * 1000;
  busy_seconds_ += watch.seconds();
  return true;
}

}  // namespace video_matting
