// Whether two runs are about the same job.
#ifndef VIDEO_MATTING_FINGERPRINT_HPP
#define VIDEO_MATTING_FINGERPRINT_HPP

#include <nlohmann/json.hpp>
#include <string>

#include "video_matting/planned_output.hpp"

namespace video_matting {

// Everything that the outputs depend on, under a name each: hashes of the inputs' contents, the
// task's version and parameters, the repair's settings (null: none), the outputs' formats, how
// frames fall into parts. Of a file beyond 64 MiB only the size, the first and the last 32 MiB are
// looked at. Throws workflow::Error WF_READ_FAILED.
nlohmann::ordered_json job_facts(const JobSettings& settings, const workflow::Workflow& workflow,
                                 const std::vector<PlannedOutput>& outputs,
                                 const FrameRepair* repair);

// SHA-256 over them.
std::string fingerprint(const nlohmann::ordered_json& facts);

}  // namespace video_matting

#endif  // VIDEO_MATTING_FINGERPRINT_HPP
