// The native CPU engine: bytes in, bytes out.
#ifndef MATTING_ENGINE_ENGINE_HPP
#define MATTING_ENGINE_ENGINE_HPP

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/network.hpp"
#include "engine/stage_times.hpp"
#include "image/frame.hpp"
#include "infer_background_matting/network.hpp"
#include "infer_background_matting/parallel_runner.hpp"

namespace matting::engine {

struct EngineOptions {
  int threads = 0;  // 0: one for each CPU; more than there are CPUs counts as that
  Precision precision = Precision::kAuto;
  // Threads to use instead of OpenMP's; threads is then at most runner.threads.
  ParallelRunner runner{};
  bool cpu_times = false;  // times() in CPU time of the calling thread; see StageTimes
};

// One instance; used by one thread at a time. Engines of one Network share its weights. Engines
// that run at once in several threads take turns once they would need more threads than CPUs.
class Engine {
 public:
  // Throws Error kNotSupported if this CPU has no such precision.
  Engine(std::shared_ptr<const Network> network, const EngineOptions& options);
  ~Engine();
  Engine(Engine&&) noexcept;
  Engine& operator=(Engine&&) noexcept;

  // Makes the plan for this size, if it is not the one at hand; with settings.region_margin only
  // the frame tells the size, and nothing is made. Throws Error kInvalidArgument,
  // kOutOfMemory; kNotSupported for refinement with weights that have no refiner.
  void prepare(const NetworkSettings& settings, int width, int height);

  // One frame. With settings.region_margin the plan is that of the region; see NetworkSettings.
  // Announces "input", "network", "output", each before it begins. Nothing is allocated
  // if the size and the settings are those of the frame before. What the observer throws passes
  // through; the outputs' content is then undefined.
  FrameReport run(const NetworkSettings& settings, const Frame& frame, StageObserver& observer);

  int threads() const noexcept;
  Precision precision() const noexcept;
  Isa isa() const noexcept;
  bool refiner_hands_on() const noexcept;  // and is left out

  // Of the last frame, finer than what run announces.
  const StageTimes& times() const noexcept;

  // Bytes that the plan for this size takes, without weights and oneDNN's scratch memory; nothing
  // is allocated for it.
  std::uint64_t estimate_memory(const NetworkSettings& settings, int width, int height) const;

  // Bytes that the plan at hand takes, and which implementation each convolution got.
  std::uint64_t plan_bytes() const noexcept;
  std::vector<std::string> implementations() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace matting::engine

#endif  // MATTING_ENGINE_ENGINE_HPP
