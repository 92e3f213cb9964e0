// Work that is done side by side while the memory is enough for it.
#ifndef VIDEO_MATTING_SIDE_BY_SIDE_HPP
#define VIDEO_MATTING_SIDE_BY_SIDE_HPP

#include <atomic>
#include <mutex>
#include <shared_mutex>

#include "workflow/error.hpp"

namespace video_matting {

// A GPU may have room for one frame and not for two. Any thread, several at once.
class SideBySide {
 public:
  // What work() returns. If it throws WF_OUT_OF_MEMORY, it is done again with nothing beside it,
  // and from then on all work is done one at a time; what it throws then, as any other error,
  // passes.
  template <typename Work>
  auto run(const Work& work) {
    if (!one_at_a_time_) {
      try {
        const std::shared_lock<std::shared_mutex> beside_others(mutex_);
        return work();
      } catch (const workflow::Error& error) {
        if (error.code() != WF_OUT_OF_MEMORY) throw;
        one_at_a_time_ = true;
      }
    }
    const std::unique_lock<std::shared_mutex> alone(mutex_);
    return work();
  }

  // Since memory was short.
  bool one_at_a_time() const { return one_at_a_time_; }

 private:
  std::shared_mutex mutex_;
  std::atomic<bool> one_at_a_time_{false};
};

}  // namespace video_matting

#endif  // VIDEO_MATTING_SIDE_BY_SIDE_HPP
