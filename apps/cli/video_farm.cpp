#include "cli/video_farm.hpp"

#include <iostream>
#include <memory>

#include "cli/farm_plan_file.hpp"
#include "cli/interrupt.hpp"
#include "cli/video_job.hpp"
#include "cli/video_lanes.hpp"
#include "cli/video_options.hpp"
#include "cli/video_plate.hpp"
#include "video_matting/farm.hpp"

namespace cli {
namespace {

using video_matting::ChunkState;
using video_matting::Farm;
using video_matting::FarmPlan;
using video_matting::JobReport;
using video_matting::JobSettings;

JobSettings only_job_of(const VideoOptions& options) {
  const auto jobs = jobs_of(options);
  if (jobs.size() == 1 && !jobs.front().outputs.empty()) return jobs.front();
  throw UsageError("a plan is for one video and names its outputs (-o, --alpha, ...)");
}

void split(const CLI::App& verb, const VideoOptions& options, const std::string& path,
           std::int64_t chunk_parts) {
  if (options.check) throw UsageError("split divides a job: call matting video --check before it");
  JobSettings settings = only_job_of(options);
  video_matting::Lanes lanes = one_lane_of(options);
  const video_matting::PlateRepair repair(prepare_plate(options, settings));
  ProgressBar bar;
  const auto made = open_or_wrong_call([&] {
    return make_plan(settings, lanes, &repair, chunk_parts, [&](std::int64_t frames) {
      stop_if_interrupted();
      bar.update(static_cast<std::uint64_t>(frames), 0, "reading " + settings.video,
                 ", " + std::to_string(frames) + " frames");
    });
  });
  for (const std::string& warning : made.warnings) bar.message("matting: " + warning);
  write_plan_file(path, made.plan, verb);
  std::cout << made.plan.chunks.size() << "\n";
}

// A plan's job, opened in the folder that it was planned in.
struct OpenPlan {
  explicit OpenPlan(const std::string& path) {
    CLI::App call;
    add_video_options(call, options);
    add_video_output_options(call, options);
    plan = read_plan_file(path, call);
    settings = only_job_of(options);
    lanes = one_lane_of(options);
    repair = std::make_unique<video_matting::PlateRepair>(take_plate(options, settings));
    farm = open_or_wrong_call(
        [this] { return std::make_unique<Farm>(plan, settings, lanes, repair.get()); });
  }

  VideoOptions options;
  FarmPlan plan;
  JobSettings settings;
  video_matting::Lanes lanes;
  std::unique_ptr<video_matting::PlateRepair> repair;
  std::unique_ptr<Farm> farm;
};

void print(const JobReport& report, bool as_json) {
  if (as_json) std::cout << report.to_json() << "\n";
}

void run_chunk(const std::string& path, std::size_t number, bool as_json) {
  OpenPlan job(path);
  if (number >= job.plan.chunks.size()) {
    throw UsageError(path + " has chunks 0 to " + std::to_string(job.plan.chunks.size() - 1) +
                     ", not " + std::to_string(number));
  }
  if (job.farm->state(number) == ChunkState::kDone) {
    std::cerr << "matting: chunk " << number << " is there already\n";
    JobReport report;
    report.frames = report.resumed_frames = job.plan.chunks[number].frames;
    return print(report, as_json);
  }
  job.lanes = lanes_of(job.options);
  const std::string label = job.settings.video + ", chunk " + std::to_string(number);
  const JobReport report = under_progress_bar(job.lanes, label, [&](const ShowProgress& show) {
    return job.farm->run(number, show, [] { return interrupted().load(); });
  });
  if (!report.interrupted) return print(report, as_json);
  throw workflow::Error(WF_CANCELLED, "interrupted; the same call makes the chunk from its start");
}

void stop_joining_if_interrupted() {
  if (!interrupted()) return;
  throw workflow::Error(WF_CANCELLED,
                        "interrupted; the chunks are as they were, the same call "
                        "joins them");
}

void check_chunks(const OpenPlan& job, const std::string& path, ProgressBar& bar) {
  const std::size_t count = job.plan.chunks.size();
  std::string missing;
  for (std::size_t number = 0; number < count; ++number) {
    stop_joining_if_interrupted();
    bar.update(number, count, "checking the chunks");
    const ChunkState state = job.farm->state(number);
    if (state == ChunkState::kDone) continue;
    missing += "\n  matting video run-chunk " + path + " " + std::to_string(number) +
               (state == ChunkState::kMissing ? "  # missing" : "  # damaged");
  }
  if (missing.empty()) return;
  throw workflow::Error(WF_READ_FAILED, "not all chunks are there; make these first:" + missing);
}

std::vector<std::string> join(const OpenPlan& job, const std::string& path) {
  ProgressBar bar;
  check_chunks(job, path, bar);
  return job.farm->join([&bar](const std::string& output, double share) {
    stop_joining_if_interrupted();
    bar.update(static_cast<std::uint64_t>(100 * share), 100, "joining " + output);
  });
}

void run_join(const std::string& path, bool as_json) {
  const OpenPlan job(path);
  const std::vector<std::string> files = join(job, path);
  if (!as_json) {
    for (const std::string& file : files) std::cout << file << "\n";
    return;
  }
  const video_matting::Chunk& last = job.plan.chunks.back();
  std::cout << nlohmann::ordered_json{{"frames", last.first + last.frames},
                                      {"chunks", job.plan.chunks.size()},
                                      {"files", files}}
                   .dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace)
            << "\n";
}

void add_split(CLI::App& video) {
  struct Options {
    VideoOptions video;
    std::string plan;
    std::int64_t chunk_parts = 1;
  };
  auto options = std::make_shared<Options>();
  CLI::App& verb = *video.add_subcommand(
      "split", "Divide a job into chunks that run-chunk makes anywhere; prints their number");
  add_video_options(verb, options->video);
  add_video_output_options(verb, options->video);
  CLI::Option& plan = *verb.add_option("--plan", options->plan, "File for the plan");
  plan.required()->group(kPlanOptions);
  CLI::Option& parts = *verb.add_option(
      "--chunk-parts", options->chunk_parts,
      "Parts of a chunk (each of --part-frames): what one killed process can cost");
  parts.check(CLI::Range(std::int64_t{1}, std::int64_t{1} << 20))
      ->capture_default_str()
      ->group(kPlanOptions);
  verb.footer(
      example("matting video split --plan job.json --video clip.mp4 --plate plate.jpg -o out.mov"));
  verb.callback(
      [options, &verb] { split(verb, options->video, options->plan, options->chunk_parts); });
}

}  // namespace

void add_video_farm_verbs(CLI::App& video) {
  add_split(video);
  auto path = std::make_shared<std::string>();
  auto number = std::make_shared<std::size_t>(0);
  auto as_json = std::make_shared<bool>(false);
  CLI::App& run =
      *video.add_subcommand("run-chunk", "Make one chunk of a plan, if it is not there");
  run.add_option("plan", *path, "What split wrote")->required();
  run.add_option("number", *number, "From 0 to the number of chunks - 1")->required();
  run.footer(example("matting video run-chunk job.json 0"));
  run.add_flag("--json", *as_json, "Print the chunk's summary as JSON");
  run.callback([=] { run_chunk(*path, *number, *as_json); });
  CLI::App& whole = *video.add_subcommand("join", "Check a plan's chunks and join them");
  whole.add_option("plan", *path, "What split wrote")->required();
  whole.footer(example("matting video join job.json"));
  whole.add_flag("--json", *as_json, "Print the outputs' names and the number of frames as JSON");
  whole.callback([=] { run_join(*path, *as_json); });
}

}  // namespace cli
