#include "cli/video_plate.hpp"

#include <cstdio>
#include <filesystem>
#include <iostream>

#include "cli/interrupt.hpp"
#include "cli/verbs.hpp"
#include "media/image_file.hpp"
#include "video_matting/clip_survey.hpp"
#include "video_matting/timed_pictures.hpp"

namespace cli {
namespace {

namespace fs = std::filesystem;
using video_matting::JobSettings;

video_matting::SurveyProgress shown_on(ProgressBar& bar, const std::string& label) {
  return [&bar, label](double share) {
    stop_if_interrupted();
    bar.update(static_cast<std::uint64_t>(100 * share), 100, label);
  };
}

bool is_made(const VideoOptions& options) {
  return options.auto_plate || options.average_plate;
}

plate::ClipPlateResult make_plate(const VideoOptions& options, const JobSettings& settings) {
  ProgressBar bar;
  const std::string& clip = options.auto_plate ? settings.video : settings.plate;
  plate::ClipPlateResult made =
      video_matting::make_plate(clip, settings.sequence_rate, shown_on(bar, "plate from " + clip));
  if (options.auto_plate && made.unsure_share > 0.01) {
    char text[200];
    std::snprintf(text, sizeof text,
                  "matting: %.0f %% of the plate is a guess: the subject covers it for most of "
                  "the clip",
                  100 * made.unsure_share);
    bar.message(text);
  }
  return made;
}

// "out/clip.mov" -> "out/clip"; "out/%05d.png" -> "out/clip" for the video clip.mp4.
fs::path beside_output(const JobSettings& settings) {
  const fs::path output = settings.outputs.front().path;
  const bool numbered = output.stem().string().find('%') != std::string::npos;
  return output.parent_path() / (numbered ? fs::path(settings.video).stem() : output.stem());
}

std::string made_plate(const JobSettings& settings) {
  return beside_output(settings).string() + ".plate.png";
}

std::string made_unsure(const JobSettings& settings) {
  return beside_output(settings).string() + ".plate_unsure.png";
}

void require_plate(const VideoOptions& options) {
  if (!options.plate.empty() || options.auto_plate) return;
  throw UsageError("no plate: wanted --plate FILE, or --auto-plate to make it of the clip itself");
}

}  // namespace

video_matting::PlateRepairSettings prepare_plate(const VideoOptions& options,
                                                 JobSettings& settings) {
  require_plate(options);
  if (is_made(options)) {
    const plate::ClipPlateResult made = make_plate(options, settings);
    workflow::media::write_image(made_plate(settings), made.plate.view());
    workflow::media::write_image(made_unsure(settings), made.unsure.view());
  }
  return take_plate(options, settings);
}

video_matting::PlateRepairSettings take_plate(const VideoOptions& options, JobSettings& settings) {
  video_matting::PlateRepairSettings repair;
  repair.keeper = options.keeper;
  repair.smoothing = options.smooth;
  if (is_made(options)) {
    settings.plate = made_plate(settings);
    repair.unsure = workflow::media::read_image(made_unsure(settings));
  }
  return repair;
}

bool check_plate(const VideoOptions& options, const JobSettings& settings) {
  require_plate(options);
  workflow::Image plate;
  if (is_made(options)) {
    plate = make_plate(options, settings).plate;
  } else if (video_matting::is_film(settings.plate)) {
    throw UsageError("--check takes a plate that is a picture, or --average-plate");
  } else {
    plate = workflow::media::read_image(settings.plate);
  }
  ProgressBar bar;
  const plate::PlateCheck check = video_matting::check_plate(
      settings.video, settings.sequence_rate, plate, options.keeper, shown_on(bar, settings.video));
  if (options.json) {
    std::cout << check.to_json() << "\n";
  } else {
    for (const std::string& line : check.lines())
      std::cout << settings.video << ": " << line << "\n";
  }
  return check.verdict() != plate::Verdict::kUnfit;
}

}  // namespace cli
