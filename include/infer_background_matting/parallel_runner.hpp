// Threads that an application lends.
#ifndef INFER_BACKGROUND_MATTING_PARALLEL_RUNNER_HPP
#define INFER_BACKGROUND_MATTING_PARALLEL_RUNNER_HPP

#include <cstdint>

namespace matting {

// A way to run pieces of work on somebody else's threads, as wf_threads_extension in
// workflow/plugin_abi.h does across the border. The same rules hold here.
struct ParallelRunner {
  int threads = 0;  // how many pieces are worth having; 0: nothing is lent
  // Calls work(data, piece) once for each piece in [0, count), in any order and on any threads, at
  // once or one after another, and returns when all have returned. Called from the thread that
  // runs the task; work does not throw and does not call run.
  void (*run)(void* pool, std::uint32_t count, void (*work)(void* data, std::uint32_t piece),
              void* data) = nullptr;
  void* pool = nullptr;  // for run

  bool lent() const noexcept { return threads > 0 && run != nullptr; }
  bool operator==(const ParallelRunner& other) const noexcept {
    return threads == other.threads && run == other.run && pool == other.pool;
  }
};

}  // namespace matting

#endif  // INFER_BACKGROUND_MATTING_PARALLEL_RUNNER_HPP
