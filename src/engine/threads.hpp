// The threads of an engine: OpenMP's, which oneDNN uses too, or some that the application lends.
#ifndef MATTING_ENGINE_THREADS_HPP
#define MATTING_ENGINE_THREADS_HPP

#include <omp.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>

#include "infer_background_matting/parallel_runner.hpp"

namespace matting::engine {

// Threads that this process may use at once: its CPUs.
int hardware_threads();

// Keeps the OpenMP runtime in the process for good. Its waiting threads run its code: a host that
// unloads the last library that links the runtime would pull the code from under them.
void keep_openmp_runtime();

// While it lives, parallel regions that this thread opens have `count` threads, and not fewer: some
// hosts let the runtime take fewer on a busy machine (omp_set_dynamic), but oneDNN shares its work
// out when a primitive is made, and would leave a part of it undone.
class ThreadCount {
 public:
  explicit ThreadCount(int count)
      : before_(omp_get_max_threads()), dynamic_before_(omp_get_dynamic()) {
    omp_set_num_threads(count);
    omp_set_dynamic(0);
  }
  ~ThreadCount() {
    omp_set_num_threads(before_);
    omp_set_dynamic(dynamic_before_);
  }
  ThreadCount(const ThreadCount&) = delete;
  ThreadCount& operator=(const ThreadCount&) = delete;

 private:
  int before_;
  int dynamic_before_;
};

// While it lives, parallel_for of this thread runs on the lent threads, in at most `count` pieces
// at once. OpenMP is down to one thread, so that what oneDNN makes meanwhile runs in the thread
// that calls it: oneDNN's OpenMP build cannot use anybody else's threads.
class LentThreads {
 public:
  LentThreads(int count, const ParallelRunner& runner);
  ~LentThreads();
  LentThreads(const LentThreads&) = delete;
  LentThreads& operator=(const LentThreads&) = delete;

  // Of this thread; null: none are lent.
  static const LentThreads* current() noexcept;
  int count() const noexcept { return count_; }
  // work(data, worker) for worker in [0, workers).
  void run(int workers, void (*work)(void*, std::uint32_t), void* data) const {
    runner_.run(runner_.pool, static_cast<std::uint32_t>(workers), work, data);
  }

 private:
  int count_;
  ParallelRunner runner_;
  ThreadCount one_{1};
};

// How many threads parallel_for uses here.
inline int team_size() {
  const LentThreads* lent = LentThreads::current();
  return lent ? lent->count() : omp_get_max_threads();
}

// body on `count` threads: lent ones, which are then whoever lends them to share out, or OpenMP's.
template <class Body>
void on_threads(int count, const ParallelRunner& runner, const Body& body) {
  if (runner.lent()) {
    const LentThreads lent(count, runner);
    return body();
  }
  const ThreadCount own(count);
  body();
}

// Takes `count` threads (at most all) out of the process's share, and waits for them: engines that
// run at once in several threads take turns instead of fighting for the CPUs. Waiting is first
// come, first served.
class ThreadLease {
 public:
  explicit ThreadLease(int count);
  ~ThreadLease();
  ThreadLease(const ThreadLease&) = delete;
  ThreadLease& operator=(const ThreadLease&) = delete;

 private:
  int count_;
};

// parallel_for on lent threads: each worker takes the next item until none is left.
template <class Body>
void lent_parallel_for(const LentThreads& lent, int count, const Body& body) {
  struct Work {
    const Body& body;
    int count;
    std::atomic<int> next{0};
    std::mutex mutex;
    std::exception_ptr failure;
  } work{body, count, {0}, {}, nullptr};
  lent.run(
      std::min(count, lent.count()),
      [](void* data, std::uint32_t worker) {
        Work& w = *static_cast<Work*>(data);
        const ThreadCount one(1);  // of whichever thread this is
        for (int i = w.next++; i < w.count; i = w.next++) {
          try {
            w.body(i, static_cast<int>(worker));
          } catch (...) {
            const std::lock_guard<std::mutex> lock(w.mutex);
            w.failure = std::current_exception();
          }
        }
      },
      &work);
  if (work.failure) std::rethrow_exception(work.failure);
}

// body(i, thread) for i in [0, count), thread in [0, team_size()), items handed out one by one in
// rising order. The first exception that a body throws is thrown again when all threads are done.
template <class Body>
void parallel_for(int count, const Body& body) {
  if (const LentThreads* lent = LentThreads::current()) {
    return lent_parallel_for(*lent, count, body);
  }
  std::exception_ptr failure;
#pragma omp parallel
  {
    const int thread = omp_get_thread_num();
#pragma omp for schedule(dynamic, 1)
    for (int i = 0; i < count; ++i) {
      try {
        body(i, thread);
      } catch (...) {
#pragma omp critical(matting_parallel_for)
        failure = std::current_exception();
      }
    }
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace matting::engine

#endif  // MATTING_ENGINE_THREADS_HPP
