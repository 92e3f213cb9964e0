// What the verbs that run a video's job, or a chunk of one, have in common.
#ifndef CLI_VIDEO_JOB_HPP
#define CLI_VIDEO_JOB_HPP

#include <functional>
#include <string>

#include "cli/progress_bar.hpp"
#include "cli/verbs.hpp"
#include "video_matting/job.hpp"
#include "workflow/error.hpp"

namespace cli {

using ShowProgress = std::function<void(const video_matting::JobProgress&)>;

// Does work under a progress bar with this label, then tells its warnings.
video_matting::JobReport under_progress_bar(
    video_matting::Lanes& lanes, const std::string& label,
    const std::function<video_matting::JobReport(const ShowProgress&)>& work);

// What open gives. A format that cannot hold what is asked for, or a job that is not the one that
// was begun, is a wrong call.
template <typename Open>
auto open_or_wrong_call(const Open& open) -> decltype(open()) try {
  return open();
} catch (const workflow::Error& error) {
  if (error.code() != WF_NOT_SUPPORTED && error.code() != WF_INVALID_ARGUMENT) throw;
  throw UsageError(error.what());
}

}  // namespace cli

#endif  // CLI_VIDEO_JOB_HPP
