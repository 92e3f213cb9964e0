#include "engine/threads.hpp"

#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace matting::engine {
namespace {

struct Share {
  std::mutex mutex;
  std::condition_variable changed;
  int free = hardware_threads();
  std::uint64_t next_ticket = 0, now_serving = 0;
};

Share& share() {
  static Share instance;
  return instance;
}

}  // namespace

int hardware_threads() {
  return std::max(1, omp_get_num_procs());
}

ThreadLease::ThreadLease(int count) : count_(std::clamp(count, 1, hardware_threads())) {
  Share& s = share();
  std::unique_lock<std::mutex> lock(s.mutex);
  const std::uint64_t ticket = s.next_ticket++;
  s.changed.wait(lock, [&] { return ticket == s.now_serving && s.free >= count_; });
  ++s.now_serving;
  s.free -= count_;
  s.changed.notify_all();
}

ThreadLease::~ThreadLease() {
  Share& s = share();
  {
    const std::lock_guard<std::mutex> lock(s.mutex);
    s.free += count_;
  }
  s.changed.notify_all();
}

}  // namespace matting::engine
