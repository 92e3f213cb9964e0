// The middle stage: one frame through the matting task.
#ifndef VIDEO_MATTING_MATTER_HPP
#define VIDEO_MATTING_MATTER_HPP

#include <nlohmann/json.hpp>
#include <vector>

#include "video_matting/frame_repair.hpp"
#include "video_matting/frame_ring.hpp"
#include "workflow/host.hpp"

namespace video_matting {

// Uses the workflow's task 0 through the host only. One thread at a time.
class Matter {
 public:
  // plate: the still plate, or empty where every slot brings its own. wanted: outputs to compute.
  // repair may be null. References stay the caller's and must outlive this object.
  Matter(workflow::Workflow& workflow, const workflow::Image& plate,
         const std::vector<workflow::OutputId>& wanted, FrameRepair* repair);

  ~Matter();  // the workflow lets go of the last frame
  Matter(const Matter&) = delete;
  Matter& operator=(const Matter&) = delete;

  // Nothing that is remembered of earlier frames changes what comes out from here on: parts are made
  // apart from each other.
  void begin_part();

  // Fills slot.results, over the buffers that they hold from an earlier frame where those fit.
  // Returns the frame's line for the log: what the task says of the run.
  nlohmann::ordered_json matte(FrameSlot& slot);

 private:
  workflow::Workflow& workflow_;
  workflow::Image plate_;
  std::vector<workflow::OutputId> wanted_;
  FrameRepair* repair_;
};

}  // namespace video_matting

#endif  // VIDEO_MATTING_MATTER_HPP
