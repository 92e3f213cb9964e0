// Where the time of a frame went.
#ifndef MATTING_ENGINE_STAGE_TIMES_HPP
#define MATTING_ENGINE_STAGE_TIMES_HPP

#include <ctime>
#include <utility>
#include <vector>

namespace matting::engine {

// Milliseconds of each stage of one frame, in order of first appearance.
class StageTimes {
 public:
  using Entry = std::pair<const char*, double>;

  // cpu_time: time that the calling thread ran instead of time that passed. Tells the truth about
  // one thread on a busy machine, and nothing about several.
  explicit StageTimes(bool cpu_time = false)
      : clock_(cpu_time ? CLOCK_THREAD_CPUTIME_ID : CLOCK_MONOTONIC) {}

  void clear() {
    for (Entry& entry : entries_) entry.second = 0;
    last_ = now();
  }
  // The time since the last call, or clear(), belongs to this stage (static text).
  void lap(const char* stage) {
    const double time = now();
    entry(stage) += time - last_;
    last_ = time;
  }
  const std::vector<Entry>& entries() const noexcept { return entries_; }

 private:
  double now() const {
    timespec time;
    clock_gettime(clock_, &time);
    return 1e3 * static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_nsec);
  }
  double& entry(const char* stage) {
    for (Entry& e : entries_) {
      if (e.first == stage) return e.second;
    }
    entries_.emplace_back(stage, 0.0);
    return entries_.back().second;
  }

  clockid_t clock_;
  std::vector<Entry> entries_;
  double last_ = 0;
};

}  // namespace matting::engine

#endif  // MATTING_ENGINE_STAGE_TIMES_HPP
