#include "live/capture_stage.hpp"

namespace live {
namespace {

using video_matting::FramePointer;

// One being captured, the newest, one being matted, and three on their way to a file: never fewer,
// so that the camera is never kept waiting and its own queue stays empty.
constexpr std::size_t kRingFrames = 6;

}  // namespace

CaptureStage::CaptureStage(workflow::video::LiveSource& source)
    : source_(source), ring_(kRingFrames), thread_([this] { work(); }) {}

CaptureStage::~CaptureStage() {
  if (!thread_.joinable()) return;
  source_.stop();
  ring_.close();
  thread_.join();
}

FramePointer CaptureStage::newest(std::chrono::milliseconds wait) {
  std::unique_lock<std::mutex> lock(mutex_);
  changed_.wait_for(lock, wait, [this] { return newest_ != nullptr || ended_; });
  return std::move(newest_);
}

bool CaptureStage::ended() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return ended_ && newest_ == nullptr;
}

std::int64_t CaptureStage::dropped() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return dropped_;
}

void CaptureStage::finish() {
  source_.stop();
  ring_.close();
  thread_.join();
  if (failure_) std::rethrow_exception(failure_);
}

void CaptureStage::work() {
  try {
    for (std::int64_t number = 0;; ++number) {
      FramePointer slot = ring_.take();
      if (!slot || !source_.read(slot->source)) break;
      slot->number = number;
      const std::lock_guard<std::mutex> lock(mutex_);
      if (newest_ != nullptr) ++dropped_;
      newest_.swap(slot);  // the older one goes back to the ring
      changed_.notify_all();
    }
  } catch (...) {
    failure_ = std::current_exception();
  }
  const std::lock_guard<std::mutex> lock(mutex_);
  ended_ = true;
  changed_.notify_all();
}

}  // namespace live
