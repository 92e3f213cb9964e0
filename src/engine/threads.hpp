// OpenMP threads, sized for each engine. oneDNN uses the same pool.
#ifndef MATTING_ENGINE_THREADS_HPP
#define MATTING_ENGINE_THREADS_HPP

#include <omp.h>

#include <algorithm>
#include <exception>

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

// body(i, thread) for i in [0, count), items handed out one by one in rising order. The first
// exception that a body throws is thrown again when all threads are done.
template <class Body>
void parallel_for(int count, const Body& body) {
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
