// The finished video file: joined parts, and what of the source goes along untouched.
#ifndef WORKFLOW_VIDEO_FILM_FILE_HPP
#define WORKFLOW_VIDEO_FILM_FILE_HPP

#include <string>
#include <vector>

#include "video/part.hpp"

namespace workflow::video {

// Warnings that name the source's streams which the container does not take (they are left out).
// Found by trying, so before the work: also throws Error WF_NOT_SUPPORTED if nothing can be
// written.
std::vector<std::string> check_film(const OutputPlan& plan);

// Joins packet files, in order, to the film at plan.path, which appears when it is complete. Sound
// and the like are copied packet by packet: all of it, or with cut_at_end up to the last frame's
// end. Throws Error WF_READ_FAILED, WF_WRITE_FAILED.
void join_film(const OutputPlan& plan, const std::vector<std::string>& packet_files,
               bool cut_at_end, const PartStep& step);

}  // namespace workflow::video

#endif  // WORKFLOW_VIDEO_FILM_FILE_HPP
