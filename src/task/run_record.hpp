// What happened in a run: stages with their times, progress, cancelling.
#ifndef MATTING_TASK_RUN_RECORD_HPP
#define MATTING_TASK_RUN_RECORD_HPP

#include <atomic>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "image/frame.hpp"
#include "infer_background_matting/task.hpp"

namespace matting {

// The stages of one run, in order: measures each, reports each as a step, and stops at the next one
// when the flag is set.
class StageClock : public StageObserver {
 public:
  using Milliseconds = std::vector<std::pair<std::string, double>>;

  // progress may be empty; cancelled outlives this object.
  StageClock(const BackgroundMattingTask::Progress& progress, const std::atomic<bool>& cancelled)
      : progress_(progress), cancelled_(cancelled) {}

  void begin_stage(const char* name) override;

  // Ends the last stage and gives every stage's time.
  Milliseconds finish();

 private:
  using Clock = std::chrono::steady_clock;
  void end_stage();

  const BackgroundMattingTask::Progress& progress_;
  const std::atomic<bool>& cancelled_;
  Milliseconds stages_;
  Clock::time_point start_;
};

}  // namespace matting

#endif  // MATTING_TASK_RUN_RECORD_HPP
