// The options that all verbs about videos share, and what they mean.
#ifndef CLI_VIDEO_OPTIONS_HPP
#define CLI_VIDEO_OPTIONS_HPP

#include <string>
#include <vector>

#include "cli/matting_workflow.hpp"
#include "plate/plate_keeper.hpp"
#include "video_matting/job.hpp"

namespace cli {

struct VideoOptions {
  std::vector<std::string> videos;
  std::string plate, background, output;
  std::string composite, cut_out, alpha, foreground, error;  // files of single results
  std::string background_at_end = "loop";
  std::string codec, alpha_mode, log;
  double rate = 25;
  int quality = 0;
  std::int64_t part_frames = 250;
  std::int64_t frames = 0;
  bool resume = false;
  bool one_at_a_time = false;
  bool json = false;
  Settings settings;

  bool auto_plate = false;     // the plate is made of the clip itself
  bool average_plate = false;  // the plate is a film of the plate, without the subject
  plate::KeeperSettings keeper;
  double smooth = 0;
  bool check = false;
};

// Everything but -o, --log, --resume and --json.
void add_video_options(CLI::App& verb, VideoOptions& options);

// -o and --log.
void add_video_output_options(CLI::App& verb, VideoOptions& options);

// One job for each video: several, or a folder of video files, go to OUT/NAME/ each. Makes the
// folders that the outputs need. Throws UsageError.
std::vector<video_matting::JobSettings> jobs_of(const VideoOptions& options);

// A workflow with the settings, and with --background where that is a colour or a blur.
workflow::Workflow workflow_of(const VideoOptions& options);

}  // namespace cli

#endif  // CLI_VIDEO_OPTIONS_HPP
