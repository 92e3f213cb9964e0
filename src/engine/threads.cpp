#include "engine/threads.hpp"

#include <dlfcn.h>

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

thread_local const LentThreads* lent_here = nullptr;

}  // namespace

LentThreads::LentThreads(int count, const ParallelRunner& runner) : count_(count), runner_(runner) {
  lent_here = this;
}

LentThreads::~LentThreads() {
  lent_here = nullptr;
}

const LentThreads* LentThreads::current() noexcept {
  return lent_here;
}

int hardware_threads() {
  return std::max(1, omp_get_num_procs());
}

void keep_openmp_runtime() {
  static std::once_flag once;
  std::call_once(once, [] {
    Dl_info info;
    if (dladdr(reinterpret_cast<const void*>(&omp_get_max_threads), &info) == 0) return;
    // NOLOAD: it is there already; only the mark is wanted.
    dlopen(info.dli_fname, RTLD_NOW | RTLD_NOLOAD | RTLD_NODELETE);
  });
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
