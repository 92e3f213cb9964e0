#include "cli/video_bench.hpp"

#include <filesystem>
#include <iomanip>
#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/interrupt.hpp"
#include "cli/video_lanes.hpp"
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
using video_matting::Matter;

constexpr std::size_t kFramesInMemory = 8;
constexpr int kEngineRounds = 3;  // before the job, and as many after it

std::vector<FrameSlot> first_frames(const JobSettings& settings) {
  const auto source = workflow::video::open_frame_source(settings.video, settings.sequence_rate);
  std::vector<FrameSlot> frames(kFramesInMemory);
  std::size_t count = 0;
  while (count < frames.size() && source->read(frames[count].source)) ++count;
  if (count == 0) throw workflow::Error(WF_READ_FAILED, settings.video + " holds no frame");
  frames.resize(count);
  return frames;
}

// The task alone, one frame after the other on all threads, on frames that lie in memory.
class EngineBench {
 public:
  explicit EngineBench(const JobSettings& settings)
      : frames_(first_frames(settings)),
        plate_(workflow::media::read_image(settings.plate)),
        background_(settings.background) {
    plate_.view().generation = workflow::next_generation();
  }

  // Nothing of this is measured.
  void warm_up(workflow::Workflow& workflow, int runs) {
    if (!background_.empty()) workflow.set_image_input(background_, kBackground);
    Matter matter = matter_of(workflow);
    for (int i = 0; i < runs; ++i) matter.matte(frames_.front(), plate_);
  }

  // Adds to what is measured, after so many runs that are not.
  void measure(workflow::Workflow& workflow, int warmup) {
    warm_up(workflow, warmup);
    Matter matter = matter_of(workflow);
    const video_matting::Stopwatch watch;
    for (int round = 0; round < kEngineRounds; ++round) {
      for (FrameSlot& frame : frames_) {
        stop_if_interrupted();
        matter.matte(frame, plate_);
        ++count_;
      }
    }
    seconds_ += watch.seconds();
  }

  double frames_per_second() const { return count_ / seconds_; }

 private:
  static Matter matter_of(workflow::Workflow& workflow) {
    return Matter(workflow, {{0, video_matting::kComposite}});
  }

  std::vector<FrameSlot> frames_;
  workflow::Image plate_;
  std::string background_;
  int count_ = 0;
  double seconds_ = 0;
};

Json measure_job(const JobSettings& settings, video_matting::Lanes& lanes) {
  ProgressBar bar;
  video_matting::Job job(settings, lanes);
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
  video_matting::Lanes lanes = lanes_of(measured);
  const JobSettings settings = jobs_of(measured).front();
  EngineBench alone(settings);
  // A GPU's first frames take seconds, in each lane.
  for (workflow::Workflow& lane : lanes) alone.warm_up(lane, warmup);
  // Half of it before the job and half after: a machine's pace changes.
  alone.measure(workflow, warmup);
  const Json job = measure_job(settings, lanes);
  alone.measure(workflow, warmup);
  const double engine = alone.frames_per_second();
  const double whole = job["frames_per_second"];
  const Json json = {{"engine_fps", engine},     {"job_fps", whole},
                     {"ratio", whole / engine},  {"frames_at_once", lanes.size()},
                     {"frames", job["frames"]},  {"busy_seconds", job["busy_seconds"]},
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
