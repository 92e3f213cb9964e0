#include "threads/thread_pool.hpp"

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <system_error>

namespace workflow {

std::uint32_t available_cpus() noexcept {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) != 0) {  // more CPUs than a cpu_set_t names
    return std::max(std::thread::hardware_concurrency(), 1u);
  }
  return static_cast<std::uint32_t>(std::max(CPU_COUNT(&set), 1));
}

// Lives on the stack of the thread that called run. Guarded by the pool's mutex.
struct ThreadPool::Job {
  void (*work)(void* data, std::uint32_t piece);
  void* data;
  std::uint32_t count;
  std::uint32_t begun = 0;
  std::atomic<std::uint32_t> done{0};

  bool finished() const noexcept { return done == count; }
};

namespace {

// Waits a little for what is about to come: in the middle of a network the next piece is some
// microseconds away, and sleeping and waking take longer. Others who want the CPU get it meanwhile.
template <class Condition>
void linger(const Condition& condition) {
  constexpr int kYields = 50;
  for (int i = 0; i < kYields && !condition(); ++i) std::this_thread::yield();
}

}  // namespace

ThreadPool::ThreadPool(std::uint32_t threads) : threads_(std::max(threads, 1u)) {}

ThreadPool::~ThreadPool() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  work_arrived_.notify_all();
  for (std::thread& worker : workers_) worker.join();
}

void ThreadPool::run(std::uint32_t count, void (*work)(void* data, std::uint32_t piece),
                     void* data) {
  if (count == 0) return;
  Job job = {work, data, count};
  std::unique_lock<std::mutex> lock(mutex_);
  jobs_.push_back(&job);
  ++job_count_;
  start_workers();
  for (std::uint32_t i = 1; i < std::min(count, threads_); ++i) work_arrived_.notify_one();
  while (do_piece(job, lock)) continue;
  if (job.finished()) return;
  lock.unlock();
  linger([&] { return job.finished(); });
  lock.lock();  // also: whoever did the last piece has let go of the job
  job_finished_.wait(lock, [&] { return job.finished(); });
}

// A system that has no thread left still has the caller's.
void ThreadPool::start_workers() {
  try {
    while (workers_.size() + 1 < threads_) workers_.emplace_back([this] { serve(); });
  } catch (const std::system_error&) {
    return;
  }
}

void ThreadPool::serve() {
  std::unique_lock<std::mutex> lock(mutex_);
  for (;;) {
    if (jobs_.empty() && !stopping_) {
      lock.unlock();
      linger([&] { return job_count_ > 0; });
      lock.lock();
    }
    work_arrived_.wait(lock, [&] { return stopping_ || !jobs_.empty(); });
    if (stopping_) return;
    do_piece(*jobs_.front(), lock);
  }
}

// False if all pieces of the job have been begun. Unlocks while it works.
bool ThreadPool::do_piece(Job& job, std::unique_lock<std::mutex>& lock) {
  if (job.begun == job.count) return false;
  const std::uint32_t piece = job.begun++;
  if (job.begun == job.count) {
    jobs_.erase(std::find(jobs_.begin(), jobs_.end(), &job));
    --job_count_;
  }
  lock.unlock();
  job.work(job.data, piece);
  lock.lock();
  ++job.done;
  if (job.finished()) job_finished_.notify_all();
  return true;
}

}  // namespace workflow
