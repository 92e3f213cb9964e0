#include <filesystem>
#include <iostream>
#include <memory>

#include "cli/interrupt.hpp"
#include "cli/verbs.hpp"
#include "cli/video_farm.hpp"
#include "cli/video_job.hpp"
#include "cli/video_lanes.hpp"
#include "cli/video_options.hpp"
#include "cli/video_plate.hpp"
#include "files/atomic_file.hpp"
#include "video_matting/job_setup.hpp"
#include "workflow/error.hpp"

namespace cli {
namespace {

using video_matting::JobReport;
using video_matting::JobSettings;

JobReport run_job(const JobSettings& settings, video_matting::Lanes& lanes,
                  video_matting::FrameRepair& repair) {
  return under_progress_bar(lanes, settings.video, [&](const ShowProgress& show) {
    const auto job = open_or_wrong_call(
        [&] { return std::make_unique<video_matting::Job>(settings, lanes, &repair); });
    return job->run(show, [] { return interrupted().load(); });
  });
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
  video_matting::Lanes lanes = one_lane_of(options);
  bool ready = false;
  for (JobSettings settings : jobs_of(options)) {
    video_matting::PlateRepair repair(prepare_plate(options, settings));
    if (!ready) {
      // What is wrong with the call is said before the model is loaded.
      open_or_wrong_call([&] { return video_matting::JobSetup(settings, lanes, &repair); });
      add_lanes(options, lanes);
      ready = true;
    }
    const JobReport report = run_job(settings, lanes, repair);
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
  add_video_output_options(verb, *options);
  verb.add_flag("--resume", options->resume, "Go on where an earlier call was stopped");
  verb.add_flag("--json", options->json, "Print the summary as JSON");
  verb.footer(
      example("matting video --video sample_image/portrait_clip.mp4 --plate "
              "sample_image/portrait_plate.jpg --background sample_image/new_background.jpg "
              "-o out.mp4") +
      "\nFormats by ending:\n" + workflow::video::describe_formats());
  verb.callback([&verb, options] {
    if (verb.get_subcommands().empty()) run(*options);
  });
  verb.require_subcommand(0, 1);
  add_live_verb(verb);
  add_video_farm_verbs(verb);
  // Their calls have none of the options that `video` itself cannot do without.
  for (CLI::App* subcommand : verb.get_subcommands({})) {
    subcommand->preparse_callback([&verb](std::size_t) {
      for (CLI::Option* option : verb.get_options()) option->required(false);
    });
  }
}

}  // namespace cli
