// All passes of a frame, made for one size.
#ifndef MATTING_ENGINE_FRAME_PLAN_HPP
#define MATTING_ENGINE_FRAME_PLAN_HPP

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/geometry.hpp"
#include "engine/network.hpp"
#include "engine/stage_times.hpp"
#include "image/frame.hpp"

namespace matting::engine {

// Made and run by one thread, on the team_size() threads of the time it was made.
class FramePlan {
 public:
  virtual ~FramePlan() = default;

  // times: cleared by the caller.
  virtual FrameReport run(const NetworkSettings& settings, const Frame& frame,
                          StageObserver& observer, StageTimes& times) = 0;
  // The next frame is not of the same video, or not of the same place in it.
  virtual void forget() noexcept = 0;
  virtual std::uint64_t bytes() const noexcept = 0;
  virtual std::vector<std::string> implementations() const = 0;
};

// precision: kFp32, kBf16, or kInt8 (the decoder in integers; the network must be calibrated).
// network must outlive the plan.
std::unique_ptr<FramePlan> make_frame_plan(const Network& network, const Geometry& geometry,
                                           Precision precision);

// Bytes of such a plan, without oneDNN's scratch memory.
std::uint64_t estimate_frame_plan(const Network& network, const Geometry& geometry,
                                  Precision precision, int threads);

}  // namespace matting::engine

#endif  // MATTING_ENGINE_FRAME_PLAN_HPP
