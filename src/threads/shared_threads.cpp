#include "threads/shared_threads.hpp"

#include <unistd.h>

#include <mutex>

namespace workflow {
namespace {

// A forked child has a pool's memory without its threads: it can neither use nor end them, and
// starts anew.
std::shared_ptr<ThreadPool> start_pool() {
  const auto end = [process = getpid()](ThreadPool* pool) {
    if (getpid() == process) delete pool;
  };
  return {new ThreadPool(available_cpus()), end};
}

std::shared_ptr<ThreadPool> shared_pool() {
  static std::mutex mutex;
  static std::weak_ptr<ThreadPool> living;
  static pid_t process;
  const std::lock_guard<std::mutex> lock(mutex);
  std::shared_ptr<ThreadPool> pool = process == getpid() ? living.lock() : nullptr;
  if (!pool) {
    pool = start_pool();
    living = pool;
    process = getpid();
  }
  return pool;
}

}  // namespace

SharedThreads::SharedThreads() : pool_(shared_pool()) {}

}  // namespace workflow
