// The workflows of a job.
#ifndef VIDEO_MATTING_LANES_HPP
#define VIDEO_MATTING_LANES_HPP

#include <vector>

#include "workflow/host.hpp"

namespace video_matting {

// With the same settings, each with the matting task as its task 0; at least one. They share the
// frames, see MattingStage.
using Lanes = std::vector<workflow::Workflow>;

}  // namespace video_matting

#endif  // VIDEO_MATTING_LANES_HPP
