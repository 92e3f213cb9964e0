#include "host/run_control.hpp"

namespace workflow {

void RunControl::set_log(LogFunction log) {
  const std::lock_guard<std::mutex> lock(mutex_);
  log_ = std::move(log);
}

void RunControl::cancel() noexcept {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!running_) return;
  cancelled_ = true;
  if (current_ != nullptr) current_->cancel();
}

// A function of the user's that throws has nobody above it who could hear of it here.
void RunControl::log(std::uint32_t level, const char* text) noexcept {
  try {
    LogFunction function;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      function = log_;
    }
    if (function) function(level, text);
  } catch (...) {
  }
}

void RunControl::begin_run(std::uint32_t total_step_count) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (running_) {
    throw Error(WF_INVALID_ARGUMENT,
                "this workflow is running already; wait for it or use another Workflow");
  }
  running_ = true;
  cancelled_ = false;
  progress_failure_ = nullptr;
  steps_before_ = 0;
  total_step_count_ = total_step_count;
}

void RunControl::end_run() noexcept {
  const std::lock_guard<std::mutex> lock(mutex_);
  running_ = false;
  current_ = nullptr;
}

void RunControl::begin_task(Instance& instance) {
  check();
  const std::lock_guard<std::mutex> lock(mutex_);
  current_ = &instance;
}

void RunControl::end_task(std::uint32_t step_count) noexcept {
  const std::lock_guard<std::mutex> lock(mutex_);
  current_ = nullptr;
  steps_before_ += step_count;
}

void RunControl::check() const {
  if (progress_failure_) std::rethrow_exception(progress_failure_);
  if (cancelled_) throw Error(WF_CANCELLED, "the run was cancelled");
}

// A plugin ignores a cancel that arrives before it has begun, so it is told again at each step.
void RunControl::report(int task, std::uint32_t step, std::uint32_t step_count,
                        const char* stage) noexcept {
  try {
    if (progress_ && !progress_failure_) {
      progress_({task, stage, step, step_count, steps_before_ + step, total_step_count_});
    }
  } catch (...) {
    progress_failure_ = std::current_exception();
  }
  if ((cancelled_ || progress_failure_) && current_ != nullptr) current_->cancel();
}

}  // namespace workflow
