// What a run shares with other threads and with the user's functions: cancel, progress, log.
#ifndef WORKFLOW_HOST_RUN_CONTROL_HPP
#define WORKFLOW_HOST_RUN_CONTROL_HPP

#include <atomic>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <string>

#include "host/instance.hpp"

namespace workflow {

class RunControl {
 public:
  using ProgressFunction = std::function<void(const Progress&)>;
  using LogFunction = std::function<void(std::uint32_t level, const std::string& text)>;

  // Between runs, on the workflow's thread.
  void set_progress(ProgressFunction progress) { progress_ = std::move(progress); }
  // Any thread.
  void set_log(LogFunction log);

  // ---- Any thread.
  void cancel() noexcept;
  void log(std::uint32_t level, const char* text) noexcept;

  // ---- The run's thread.
  // Throws Error WF_INVALID_ARGUMENT when a run is under way.
  void begin_run(std::uint32_t total_step_count);
  void end_run() noexcept;
  // Around an instance's run. Throws Error WF_CANCELLED.
  void begin_task(Instance& instance);
  void end_task(std::uint32_t step_count) noexcept;
  // Throws what a progress function threw, or Error WF_CANCELLED after cancel().
  void check() const;
  void report(int task, std::uint32_t step, std::uint32_t step_count, const char* stage) noexcept;

 private:
  std::mutex mutex_;             // guards current_ and log_
  Instance* current_ = nullptr;  // the one that is running
  LogFunction log_;
  std::atomic<bool> running_{false};
  std::atomic<bool> cancelled_{false};

  // Of the run's thread alone.
  ProgressFunction progress_;
  std::exception_ptr progress_failure_;
  std::uint32_t steps_before_ = 0;  // of the tasks that are done
  std::uint32_t total_step_count_ = 0;
};

}  // namespace workflow

#endif  // WORKFLOW_HOST_RUN_CONTROL_HPP
