#include "cli/video_options.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "cli/repair_options.hpp"
#include "cli/verbs.hpp"
#include "files/atomic_file.hpp"
#include "live/background_list.hpp"

namespace cli {
namespace {

namespace fs = std::filesystem;
using video_matting::JobSettings;
using video_matting::Result;

constexpr const char* kVideoEndings[] = {".mp4", ".m4v", ".mov", ".mkv", ".webm",
                                         ".avi", ".mxf", ".mts", ".ts",  ".mpg"};

bool is_video_name(const fs::path& path) {
  std::string ending = path.extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return std::find(std::begin(kVideoEndings), std::end(kVideoEndings), ending) !=
         std::end(kVideoEndings);
}

// A folder stands for the video files in it; one without any is itself a sequence of pictures.
std::vector<std::string> expand(const std::vector<std::string>& videos) {
  std::vector<std::string> all;
  for (const std::string& video : videos) {
    std::vector<std::string> inside;
    if (fs::is_directory(video)) {
      for (const auto& entry : fs::directory_iterator(video)) {
        if (is_video_name(entry.path())) inside.push_back(entry.path().string());
      }
    }
    std::sort(inside.begin(), inside.end());
    if (inside.empty()) inside.push_back(video);
    all.insert(all.end(), inside.begin(), inside.end());
  }
  return all;
}

bool names_folder(const std::string& output) {
  return output.empty() || output.back() == '/' || fs::is_directory(output) ||
         fs::path(output).extension().empty();
}

// 29.97 means 30000/1001, as everywhere.
workflow::video::Rational rate_of(double rate) {
  const double rounded = std::round(rate);
  if (std::abs(rate - rounded) < 1e-6) return {static_cast<int>(rounded), 1};
  if (std::abs(rate * 1001 / 1000 - rounded) < 1e-3)
    return {static_cast<int>(rounded) * 1000, 1001};
  return {static_cast<int>(std::lround(rate * 1000)), 1000};
}

JobSettings common_settings(const VideoOptions& options) {
  JobSettings settings;
  settings.plate = options.plate;
  if (!live::is_made_by_task(options.background)) settings.background = options.background;
  settings.background_at_end = options.background_at_end == "hold" ? video_matting::AtEnd::kHold
                                                                   : video_matting::AtEnd::kLoop;
  settings.sequence_rate = rate_of(options.rate);
  settings.codec = options.codec;
  settings.quality = options.quality;
  if (!options.alpha_mode.empty()) {
    settings.alpha_mode = options.alpha_mode == "premultiplied"
                              ? workflow::video::AlphaMode::kPremultiplied
                              : workflow::video::AlphaMode::kStraight;
  }
  settings.part_frames = options.part_frames;
  settings.frame_limit = options.frames;
  settings.resume = options.resume;
  settings.log = options.log;
  return settings;
}

void add_named_outputs(const VideoOptions& options, JobSettings& settings) {
  const std::pair<Result, const std::string&> named[] = {
      {Result::kComposite, options.composite}, {Result::kCutOut, options.cut_out},
      {Result::kAlpha, options.alpha},         {Result::kForeground, options.foreground},
      {Result::kError, options.error},
  };
  for (const auto& [result, path] : named) {
    // A folder alone stands for numbered PNG files in it.
    if (!path.empty()) {
      settings.outputs.push_back({result, path.back() == '/' ? path + "%05d.png" : path});
    }
  }
}

// The main result: over a new background, or cut out.
void add_main_output(const VideoOptions& options, const std::string& output,
                     JobSettings& settings) {
  const bool composite = !options.background.empty();
  const Result result = composite ? Result::kComposite : Result::kCutOut;
  if (!names_folder(output)) {
    settings.outputs.insert(settings.outputs.begin(), {result, output});
    return;
  }
  workflow::files::make_writable_folder(output);
  const auto in_folder = [&](const char* name) { return (fs::path(output) / name).string(); };
  settings.outputs.insert(settings.outputs.begin(),
                          {{result, in_folder(composite ? "composite.mp4" : "cutout.mov")},
                           {Result::kAlpha, in_folder("alpha.mov")}});
}

void add_plate_options(CLI::App& verb, VideoOptions& options) {
  CLI::Option* plate = verb.get_option("--plate");
  verb.add_flag("--auto-plate", options.auto_plate,
                "Make the plate of the clip itself: the subject has to move through it")
      ->excludes(plate);
  verb.add_flag("--average-plate", options.average_plate,
                "--plate is a video or pictures that all show the plate: average them")
      ->needs(plate);
  add_film_repair_options(verb, options.keeper, options.smooth);
  verb.add_flag("--check", options.check,
                "Only look at a dozen frames and say whether the plate fits them");
}

}  // namespace

void add_video_options(CLI::App& verb, VideoOptions& options) {
  verb.add_option(
          "--video", options.videos,
          "A video, pictures (frames/%05d.png or their folder), several, or a folder of videos")
      ->required();
  verb.add_option(
      "--plate", options.plate,
      "The same scene without the subject: a picture, or a video of the same camera move");
  add_plate_options(verb, options);
  verb.add_option("--background", options.background,
                  "New background: a picture, a video, #rrggbb or blur:SIGMA (default: cut out)");
  verb.add_option("--background-at-end", options.background_at_end,
                  "A background video that is too short begins anew, or its last frame stays")
      ->check(CLI::IsMember({"loop", "hold"}))
      ->capture_default_str();
  verb.add_option("--composite", options.composite, "File for the subject over the new background");
  verb.add_option("--cutout", options.cut_out, "File for the subject with alpha");
  verb.add_option("--alpha", options.alpha, "File for alpha alone");
  verb.add_option("--foreground", options.foreground, "File for the subject's colours alone");
  verb.add_option("--error", options.error, "File for the network's own estimate of its error");
  verb.add_option("--codec", options.codec, "h265 for .mp4 instead of h264");
  verb.add_option("--quality", options.quality, "CRF of H.264, H.265 and VP9; smaller is better")
      ->check(CLI::Range(1, 63));
  verb.add_option(
          "--alpha-mode", options.alpha_mode,
          "How colours beside alpha are stored (default: premultiplied in .exr, else straight)")
      ->check(CLI::IsMember({"straight", "premultiplied"}));
  verb.add_option("--rate", options.rate, "Frames a second of pictures")
      ->check(CLI::Range(0.001, 1000.0))
      ->capture_default_str();
  verb.add_option("--frames", options.frames, "Stop after so many frames")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{1} << 40));
  verb.add_option("--part-frames", options.part_frames,
                  "Frames of a part; work is lost at most from the last part's beginning on")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{1} << 40))
      ->capture_default_str();
  verb.add_flag("--one-at-a-time", options.one_at_a_time,
                "Matte a frame only after the one before: less memory, fewer frames a second");
  add_settings(verb, options.settings);
}

void add_video_output_options(CLI::App& verb, VideoOptions& options) {
  verb.add_option(
      "-o,--output", options.output,
      "The composite, without --background the cut-out; or a folder for it, alpha.mov and "
      "result.json");
  verb.add_option("--log", options.log, "File for a JSON line about each frame");
}

std::vector<JobSettings> jobs_of(const VideoOptions& options) {
  const std::vector<std::string> videos = expand(options.videos);
  std::vector<JobSettings> jobs;
  for (const std::string& video : videos) {
    JobSettings settings = common_settings(options);
    settings.video = video;
    std::string output = options.output;
    if (videos.size() > 1) {
      add_named_outputs(options, settings);
      if (!settings.outputs.empty() || !names_folder(output) || !options.log.empty()) {
        throw UsageError(
            "several videos go to a folder: wanted -o FOLDER, no --log and no file of a single "
            "result");
      }
      output = (fs::path(output) / fs::path(video).stem()).string() + "/";
    } else {
      add_named_outputs(options, settings);
    }
    if (!output.empty()) add_main_output(options, output, settings);
    jobs.push_back(std::move(settings));
  }
  return jobs;
}

workflow::Workflow workflow_of(const VideoOptions& options) {
  Settings settings = options.settings;
  if (live::is_made_by_task(options.background))
    settings.push_back("background=" + options.background);
  return make_matting_workflow(settings);
}

}  // namespace cli
