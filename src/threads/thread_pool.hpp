// Threads that sleep while there is nothing to do.
#ifndef WORKFLOW_THREADS_THREAD_POOL_HPP
#define WORKFLOW_THREADS_THREAD_POOL_HPP

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

namespace workflow {

// CPUs that this process may use, at least 1.
std::uint32_t available_cpus() noexcept;

// Threads that sleep while there is nothing to do, so that whoever else needs the CPUs has them: an
// OpenMP team spins at its barriers instead. Any thread, several at once.
class ThreadPool {
 public:
  // threads: that work at once, the caller's own among them; at least 1. They start with the first
  // run that can use them.
  explicit ThreadPool(std::uint32_t threads);
  ~ThreadPool();  // no run may be under way
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  std::uint32_t thread_count() const noexcept { return threads_; }

  // As wf_threads_extension::run. Where no thread can be had, the caller does all pieces itself.
  void run(std::uint32_t count, void (*work)(void* data, std::uint32_t piece), void* data);

 private:
  struct Job;

  void start_workers();
  void serve();
  bool do_piece(Job& job, std::unique_lock<std::mutex>& lock);

  const std::uint32_t threads_;
  std::mutex mutex_;
  std::condition_variable work_arrived_, job_finished_;
  std::deque<Job*> jobs_;                  // that have pieces nobody has begun
  std::atomic<std::size_t> job_count_{0};  // of jobs_; to be read without the mutex
  bool stopping_ = false;
  std::vector<std::thread> workers_;
};

}  // namespace workflow

#endif  // WORKFLOW_THREADS_THREAD_POOL_HPP
