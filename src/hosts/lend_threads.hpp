// Sleeping threads for tasks of the library.
#ifndef MATTING_HOSTS_LEND_THREADS_HPP
#define MATTING_HOSTS_LEND_THREADS_HPP

#include "infer_background_matting/parallel_runner.hpp"
#include "threads/shared_threads.hpp"

namespace matting::hosts {

// For BackgroundMattingTask::set_parallel_runner; valid while `threads` lives.
inline ParallelRunner lend(const workflow::SharedThreads& threads) {
  const auto run = [](void* pool, std::uint32_t count, void (*work)(void*, std::uint32_t),
                      void* data) {
    static_cast<workflow::ThreadPool*>(pool)->run(count, work, data);
  };
  workflow::ThreadPool& pool = threads.pool();
  return {static_cast<int>(pool.thread_count()), run, &pool};
}

}  // namespace matting::hosts

#endif  // MATTING_HOSTS_LEND_THREADS_HPP
