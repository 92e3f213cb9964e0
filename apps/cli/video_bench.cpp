#include "cli/video_bench.hpp"

#include <filesystem>
#include <iomanip>
#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/interrupt.hpp"
#include "files/scratch_folder.hpp"
#include "media/image_file.hpp"
#include "video/frame_source.hpp"
#include "video_matting/matter.hpp"
#include "video_matting/stopwatch.hpp"

namespace cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
using video_matting::FrameSlot;
using video_matting::JobSettings;

constexpr std::size_t kFramesInMemory = 8;
constexpr int kEngineRounds = 3;

std::vector<FrameSlot> first_frames(const JobSettings& settings) {
  const auto source = workflow::video::open_frame_source(settings.video, settings.sequence_rate);
  std::vector<FrameSlot> frames(kFramesInMemory);
  std::size_t count = 0;
  while (count < frames.size() && source->read(frames[count].source)) ++count;
  if (count == 0) throw workflow::Error(WF_READ_FAILED, settings.video + " holds no frame");
  frames.resize(count);
  return frames;
}

// Frames a second of the task alone, on frames that lie in memory.
double measure_engine(const JobSettings& settings, workflow::Workflow& workflow, int warmup) {
  std::vector<FrameSlot> frames = first_frames(settings);
  if (!settings.background.empty()) workflow.set_image_input(settings.background, 2);
  video_matting::Matter matter(workflow, workflow::media::read_image(settings.plate),
                               {{0, video_matting::kComposite}}, nullptr);
  matter.begin_part();
  for (int i = 0; i < warmup; ++i) matter.matte(frames.front());
  const video_matting::Stopwatch watch;
  for (int round = 0; round < kEngineRounds; ++round) {
    for (FrameSlot& frame : frames) {
      stop_if_interrupted();
      matter.matte(frame);
    }
  }
  return static_cast<double>(frames.size()) * kEngineRounds / watch.seconds();
}

Json measure_job(const JobSettings& settings, workflow::Workflow& workflow) {
  ProgressBar bar;
  video_matting::Job job(settings, workflow);
  const auto report = job.run(
      [&bar](const video_matting::JobProgress& progress) {
        bar.update(static_cast<std::uint64_t>(progress.frame),
                   static_cast<std::uint64_t>(progress.expected), "measuring the whole job");
      },
      [] { return interrupted().load(); });
  stop_if_interrupted();
  return Json::parse(report.to_json());
}

}  // namespace

void bench_video(const VideoOptions& options, int warmup) {
  const workflow::files::ScratchFolder scratch(
      (fs::temp_directory_path() / "matting-bench-").string());
  VideoOptions measured = options;
  const bool composite = !options.background.empty();
  measured.output = scratch.path() + (composite ? "/out.mp4" : "/out.mov");
  workflow::Workflow workflow = workflow_of(measured);
  const JobSettings settings = jobs_of(measured).front();
  const double engine = measure_engine(settings, workflow, warmup);
  const Json job = measure_job(settings, workflow);
  const double whole = job["frames_per_second"];
  const Json json = {{"engine_fps", engine},
                     {"job_fps", whole},
                     {"ratio", whole / engine},
                     {"frames", job["frames"]},
                     {"busy_seconds", job["busy_seconds"]},
                     {"seconds", job["seconds"]}};
  if (options.json) {
    std::cout << json.dump(2) << "\n";
    return;
  }
  std::cout << std::fixed << std::setprecision(2) << "engine alone: " << engine << " fps\n"
            << "whole job:    " << whole << " fps (" << json["frames"] << " frames)\n"
            << "ratio:        " << whole / engine << "\n";
}

}  // namespace cli
