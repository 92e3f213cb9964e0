// What every implementation of the network offers to the task.
#ifndef MATTING_MODEL_MATTING_MODEL_HPP
#define MATTING_MODEL_MATTING_MODEL_HPP

#include <cstdint>
#include <memory>
#include <string>

#include "image/frame.hpp"
#include "infer_background_matting/network.hpp"

namespace matting {

// What ran, for the result. Nothing here is a wish: each value says what is the case.
struct ModelDescription {
  std::string engine;     // "torchscript" or "native"
  std::string device;     // "cpu", "cuda:0"
  std::string isa;        // "avx512_core_amx", "avx2", ... as far as the engine knows
  std::string precision;  // "fp32", "bf16", "fp16", "int8"
  int threads = 1;
  // The refiner is left out, since its weights only hand the coarse matte on: however many pixels
  // are to be refined, they take no time.
  bool refiner_hands_on = false;
};

// One network, ready to run, owned by one task and used by one thread at a time. Objects of one
// file share its weights. Functions throw Error.
class MattingModel {
 public:
  virtual ~MattingModel() = default;

  // Stages that run() announces, in this order; each exactly once a frame.
  static constexpr const char* kStages[] = {"input", "network", "output"};

  // Does what can be done before the first frame of this size. Optional to call.
  virtual void prepare(const NetworkSettings& settings, int width, int height) = 0;

  // One frame. Blocks until the outputs are written.
  virtual FrameReport run(const NetworkSettings& settings, const Frame& frame,
                          StageObserver& observer) = 0;

  virtual ModelDescription describe() const = 0;

  // Whether settings.region_margin and settings.refine_change have an effect; without, a frame is
  // computed as if they were not given.
  virtual bool leaves_work_out() const noexcept = 0;

  // Bytes that a frame of this size takes, without the weights; an estimate.
  virtual std::uint64_t estimate_memory(const NetworkSettings& settings, int width,
                                        int height) const = 0;
};

}  // namespace matting

#endif  // MATTING_MODEL_MATTING_MODEL_HPP
