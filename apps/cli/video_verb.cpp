#include <cmath>
#include <filesystem>
#include <iomanip>
#include <iostream>
#include <memory>
#include <sstream>

#include "cli/interrupt.hpp"
#include "cli/verbs.hpp"
#include "cli/video_options.hpp"
#include "cli/video_plate.hpp"
#include "files/atomic_file.hpp"
#include "workflow/error.hpp"

namespace cli {
namespace {

using video_matting::JobProgress;
using video_matting::JobReport;
using video_matting::JobSettings;

// ", 12.3 fps, 1:05 left"
std::string pace(const JobProgress& progress) {
  std::ostringstream text;
  text << ", " << std::fixed << std::setprecision(1) << progress.frames_per_second << " fps";
  if (progress.seconds_left > 0) {
    const auto seconds = static_cast<long>(std::ceil(progress.seconds_left));
    text << ", " << seconds / 60 << ":" << std::setw(2) << std::setfill('0') << seconds % 60
         << " left";
  }
  return text.str();
}

// A format that cannot hold what is asked for, or a job that cannot be resumed, is a wrong call.
video_matting::Job open_job(const JobSettings& settings, workflow::Workflow& workflow,
                            video_matting::FrameRepair& repair) try {
  return video_matting::Job(settings, workflow, &repair);
} catch (const workflow::Error& error) {
  if (error.code() != WF_NOT_SUPPORTED && error.code() != WF_INVALID_ARGUMENT) throw;
  throw UsageError(error.what());
}

JobReport run_job(const JobSettings& settings, workflow::Workflow& workflow,
                  video_matting::FrameRepair& repair) {
  ProgressBar bar;
  workflow.set_log([&bar](std::uint32_t level, const std::string& text) {
    if (level >= WF_LOG_WARNING) bar.message("matting: " + text);
  });
  const auto show = [&](const JobProgress& progress) {
    bar.update(static_cast<std::uint64_t>(progress.frame),
               static_cast<std::uint64_t>(progress.expected), settings.video, pace(progress));
  };
  JobReport report;
  {
    video_matting::Job job = open_job(settings, workflow, repair);
    report = job.run(show, [] { return interrupted().load(); });
  }
  workflow.set_log({});
  for (const std::string& warning : report.warnings) bar.message("matting: " + warning);
  return report;
}

// What was asked for in one folder is told there too.
void write_summary(const VideoOptions& options, const JobSettings& settings,
                   const JobReport& report) {
  if (settings.outputs.front().path == options.output || options.output.empty()) return;
  const auto folder = std::filesystem::path(settings.outputs.front().path).parent_path();
  workflow::files::write_file((folder / "result.json").string(), report.to_json() + "\n");
}

[[noreturn]] void say_how_to_resume(const JobReport& report) {
  std::string text = "interrupted after " + std::to_string(report.frames) + " frames";
  for (const std::string& file : report.files) text += "\n  so far: " + file;
  throw workflow::Error(WF_CANCELLED, text + "\n  the same call with --resume goes on");
}

void run_checks(const VideoOptions& options) {
  bool all_fit = true;
  for (const JobSettings& settings : jobs_of(options)) all_fit &= check_plate(options, settings);
  if (!all_fit) throw std::runtime_error("the plate does not fit");
}

void run(const VideoOptions& options) {
  if (options.check) return run_checks(options);
  if (options.output.empty() && options.composite.empty() && options.cut_out.empty() &&
      options.alpha.empty() && options.foreground.empty() && options.error.empty()) {
    throw UsageError(
        "no output is named: wanted -o, --composite, --cutout, --alpha, --foreground "
        "or --error");
  }
  workflow::Workflow workflow = workflow_of(options);
  for (JobSettings settings : jobs_of(options)) {
    video_matting::PlateRepair repair(prepare_plate(options, settings));
    const JobReport report = run_job(settings, workflow, repair);
    write_summary(options, settings, report);
    if (report.interrupted) say_how_to_resume(report);
    if (options.json) std::cout << report.to_json() << "\n";
  }
}

}  // namespace

void add_video_verb(CLI::App& app) {
  auto options = std::make_shared<VideoOptions>();
  CLI::App& verb = *app.add_subcommand(
      "video", "Matte a video: composite or cut-out, alpha, foreground, error, from one pass");
  add_video_options(verb, *options);
  verb.add_option(
      "-o,--output", options->output,
      "The composite, without --background the cut-out; or a folder for it, alpha.mov and "
      "result.json");
  verb.add_option("--log", options->log, "File for a JSON line about each frame");
  verb.add_flag("--resume", options->resume, "Go on where an earlier call was stopped");
  verb.add_flag("--json", options->json, "Print the summary as JSON");
  verb.footer(
      example("matting video --video sample_image/portrait_clip.mp4 --plate "
              "sample_image/portrait_plate.jpg --background sample_image/new_background.jpg "
              "-o out.mp4") +
      "\nFormats by ending:\n" + workflow::video::describe_formats());
  verb.require_subcommand(0, 1);
  add_live_verb(verb);
  verb.callback([&verb, options] {
    if (verb.get_subcommands().empty()) run(*options);
  });
}

}  // namespace cli
