// The threads of a process that lends them.
#ifndef WORKFLOW_THREADS_SHARED_THREADS_HPP
#define WORKFLOW_THREADS_SHARED_THREADS_HPP

#include <memory>

#include "threads/thread_pool.hpp"

namespace workflow {

// One thread for each CPU, shared by all objects that live at the same time, so that tasks which
// run at once do not start more; they end with the last object, before a plugin's code can be
// unloaded. In a forked child, those of an object made before are the caller's thread alone.
class SharedThreads {
 public:
  SharedThreads();  // any thread

  ThreadPool& pool() const noexcept { return *pool_; }

 private:
  std::shared_ptr<ThreadPool> pool_;
};

}  // namespace workflow

#endif  // WORKFLOW_THREADS_SHARED_THREADS_HPP
