#include "cli/video_job.hpp"

#include <cmath>
#include <iomanip>
#include <sstream>

namespace cli {
namespace {

// ", 12.3 fps, 1:05 left"
std::string pace(const video_matting::JobProgress& progress) {
  std::ostringstream text;
  text << ", " << std::fixed << std::setprecision(1) << progress.frames_per_second << " fps";
  if (progress.seconds_left > 0) {
    const auto seconds = static_cast<long>(std::ceil(progress.seconds_left));
    text << ", " << seconds / 60 << ":" << std::setw(2) << std::setfill('0') << seconds % 60
         << " left";
  }
  return text.str();
}

}  // namespace

video_matting::JobReport under_progress_bar(
    video_matting::Lanes& lanes, const std::string& label,
    const std::function<video_matting::JobReport(const ShowProgress&)>& work) {
  ProgressBar bar;
  for (workflow::Workflow& lane : lanes) {
    lane.set_log([&bar](std::uint32_t level, const std::string& text) {
      if (level >= WF_LOG_WARNING) bar.message("matting: " + text);
    });
  }
  const auto report = work([&](const video_matting::JobProgress& progress) {
    bar.update(static_cast<std::uint64_t>(progress.frame),
               static_cast<std::uint64_t>(progress.expected), label, pace(progress));
  });
  for (workflow::Workflow& lane : lanes) lane.set_log({});
  for (const std::string& warning : report.warnings) bar.message("matting: " + warning);
  return report;
}

}  // namespace cli
