// Where the time of a frame went.
#ifndef MATTING_ENGINE_STAGE_TIMES_HPP
#define MATTING_ENGINE_STAGE_TIMES_HPP

#include <chrono>
#include <utility>
#include <vector>

namespace matting::engine {

// Milliseconds of each stage of one frame, in order of first appearance.
class StageTimes {
 public:
  using Entry = std::pair<const char*, double>;

  void clear() {
    for (Entry& entry : entries_) entry.second = 0;
    last_ = Clock::now();
  }
  // The time since the last call, or clear(), belongs to this stage (static text).
  void lap(const char* stage) {
    const Clock::time_point now = Clock::now();
    entry(stage) += std::chrono::duration<double, std::milli>(now - last_).count();
    last_ = now;
  }
  const std::vector<Entry>& entries() const noexcept { return entries_; }

 private:
  using Clock = std::chrono::steady_clock;

  double& entry(const char* stage) {
    for (Entry& e : entries_) {
      if (e.first == stage) return e.second;
    }
    entries_.emplace_back(stage, 0.0);
    return entries_.back().second;
  }

  std::vector<Entry> entries_;
  Clock::time_point last_ = Clock::now();
};

}  // namespace matting::engine

#endif  // MATTING_ENGINE_STAGE_TIMES_HPP
