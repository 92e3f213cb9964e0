#include "task/run_record.hpp"

#include "infer_background_matting/error.hpp"

namespace matting {

void StageClock::end_stage() {
  if (stages_.empty()) return;
  const std::chrono::duration<double, std::milli> elapsed = Clock::now() - start_;
  stages_.back().second = elapsed.count();
}

void StageClock::begin_stage(const char* name) {
  end_stage();
  if (cancelled_.load(std::memory_order_relaxed)) {
    throw Error(ErrorCode::kCancelled, std::string("cancelled before the stage ") + name);
  }
  stages_.emplace_back(name, 0.0);
  if (progress_) {
    progress_(static_cast<int>(stages_.size()), BackgroundMattingTask::kStepCount, name);
  }
  start_ = Clock::now();
}

StageClock::Milliseconds StageClock::finish() {
  end_stage();
  return std::move(stages_);
}

}  // namespace matting
