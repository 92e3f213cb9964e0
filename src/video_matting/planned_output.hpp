// What each output of a job is made of.
#ifndef VIDEO_MATTING_PLANNED_OUTPUT_HPP
#define VIDEO_MATTING_PLANNED_OUTPUT_HPP

#include <vector>

#include "video_matting/frame_ring.hpp"
#include "video_matting/job.hpp"

namespace video_matting {

struct PlannedOutput {
  Result result = Result::kComposite;
  workflow::video::OutputPlan plan;
  // A cut-out or composite that is put together from foreground and alpha, the composite also from
  // FrameSlot::backdrop.
  bool joins_alpha = false;
};

// Formats and contents for what settings ask for. has_background: whether the task's composite is
// over a new background (else it is the cut-out). Appends to warnings. Throws workflow::Error
// WF_NOT_SUPPORTED, WF_INVALID_ARGUMENT (the same file twice, a composite without a background).
std::vector<PlannedOutput> plan_outputs(const JobSettings& settings,
                                        const workflow::video::ClipInfo& clip, bool has_background,
                                        std::vector<std::string>& warnings);

// For alpha that changes after the task, whose own composite has the alpha of before: cut-outs and
// composites are put together anew.
void use_changed_alpha(std::vector<PlannedOutput>& outputs);

// Outputs of the task that these need.
std::vector<workflow::OutputId> needed_results(const std::vector<PlannedOutput>& outputs);

// The picture that output wants of a matted frame; joined is filled and used where the picture has
// to be put together. Valid as long as both are.
const workflow::Image& picture_for(const PlannedOutput& output, const FrameSlot& slot,
                                   workflow::Image& joined);

}  // namespace video_matting

#endif  // VIDEO_MATTING_PLANNED_OUTPUT_HPP
