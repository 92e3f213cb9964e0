// Whether two runs are about the same job.
#ifndef VIDEO_MATTING_FINGERPRINT_HPP
#define VIDEO_MATTING_FINGERPRINT_HPP

#include <string>

#include "video_matting/planned_output.hpp"

namespace video_matting {

// SHA-256 over everything that the outputs depend on: the contents of the inputs, the task's
// version and parameters, the repair's settings (null: none), the outputs' formats, how frames fall
// into parts. Of a file beyond 64 MiB only the size, the first and the last 32 MiB are looked at.
// Throws workflow::Error WF_READ_FAILED.
std::string fingerprint(const JobSettings& settings, const workflow::Workflow& workflow,
                        const std::vector<PlannedOutput>& outputs, const FrameRepair* repair);

}  // namespace video_matting

#endif  // VIDEO_MATTING_FINGERPRINT_HPP
