// The threads that a program which links the library lends to its tasks.
#ifndef WORKFLOW_THREADS_LENT_THREADS_HPP
#define WORKFLOW_THREADS_LENT_THREADS_HPP

#include <memory>

#include "infer_background_matting/parallel_runner.hpp"
#include "threads/thread_pool.hpp"

namespace workflow {

// One thread for each CPU, shared by all objects that live at the same time, so that tasks which
// run at once do not start more; they end with the last object, before a plugin's code can be
// unloaded. In a forked child, tasks that were made before work on the caller's thread alone.
class LentThreads {
 public:
  LentThreads();  // any thread

  // For BackgroundMattingTask::set_parallel_runner; valid while this object or another lives.
  matting::ParallelRunner runner() const noexcept;

 private:
  std::shared_ptr<ThreadPool> pool_;
};

}  // namespace workflow

#endif  // WORKFLOW_THREADS_LENT_THREADS_HPP
