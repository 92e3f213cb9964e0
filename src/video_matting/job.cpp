#include "video_matting/job.hpp"

#include <algorithm>
#include <filesystem>
#include <limits>
#include <list>
#include <set>

#include "video/part.hpp"
#include "video_matting/decode_stage.hpp"
#include "video_matting/fingerprint.hpp"
#include "video_matting/frame_log.hpp"
#include "video_matting/job_setup.hpp"
#include "video_matting/journal.hpp"
#include "video_matting/matting_stage.hpp"
#include "video_matting/output_writer.hpp"
#include "video_matting/stopwatch.hpp"

namespace video_matting {
namespace {

namespace fs = std::filesystem;
namespace video = workflow::video;
using Json = nlohmann::ordered_json;
using workflow::Error;

// Texts with a number in them may differ from frame to frame; the log has them all.
constexpr std::size_t kMostTaskWarnings = 20;
constexpr const char* kPartsEnding = ".parts";

// "a.mov" -> "a.partial.mov".
std::string partial_path(const std::string& path) {
  const fs::path whole(path);
  return (whole.parent_path() / (whole.stem().string() + ".partial" + whole.extension().string()))
      .string();
}

void append(std::vector<std::string>& list, const std::vector<std::string>& more) {
  list.insert(list.end(), more.begin(), more.end());
}

}  // namespace

struct Job::State {
  State(const JobSettings& job_settings, Lanes& job_lanes, FrameRepair* job_repair);

  bool matte_all(DecodeStage& decoding, std::list<OutputWriter>& writers,
                 const std::function<void(const JobProgress&)>& progress,
                 const std::function<bool()>& cancelled);
  std::int64_t first_frame() const { return settings.chunk ? settings.chunk->first : 0; }
  std::int64_t end_frame() const;
  std::optional<std::int64_t> begin() const;
  void note(const Json& record);
  void report_progress(const std::function<void(const JobProgress&)>& progress, double seconds);
  bool make_parts(const std::function<void(const JobProgress&)>& progress,
                  const std::function<bool()>& cancelled);
  void complete_report(bool whole);
  void join(bool whole);

  JobSettings settings;
  Lanes& lanes;
  FrameRepair* repair;
  JobSetup setup;
  std::unique_ptr<Journal> journal;
  std::unique_ptr<FrameLog> log;
  JobReport report;
  std::int64_t done = 0;   // number of the next frame
  std::int64_t parts = 0;  // that exist, the last one perhaps not complete
  double refined_sum = 0;
  std::set<std::string> task_warnings;
};

Job::State::State(const JobSettings& job_settings, Lanes& job_lanes, FrameRepair* job_repair)
    : settings(job_settings),
      lanes(job_lanes),
      repair(job_repair),
      setup(job_settings, job_lanes, job_repair) {
  append(report.warnings, setup.warnings);
  const std::string folder =
      settings.chunk ? settings.chunk->folder : settings.outputs.front().path + kPartsEnding;
  journal =
      std::make_unique<Journal>(folder, fingerprint(setup.facts), setup.outputs, settings.resume);
  done = first_frame() + journal->frames();
  report.resumed_frames = journal->frames();
  log = std::make_unique<FrameLog>(settings.log, report.resumed_frames);
}

// Exclusive.
std::int64_t Job::State::end_frame() const {
  if (settings.chunk) return settings.chunk->first + settings.chunk->frames;
  return settings.frame_limit > 0 ? settings.frame_limit : std::numeric_limits<std::int64_t>::max();
}

// The film's first timestamp, where it is known beforehand.
std::optional<std::int64_t> Job::State::begin() const {
  if (!settings.chunk) return std::nullopt;
  return settings.chunk->begin;
}

void Job::State::note(const Json& record) {
  refined_sum += record.value("refined_share", 0.0);
  for (const Json& warning : record.value("warnings", Json::array())) {
    if (warning.is_string() && task_warnings.size() < kMostTaskWarnings) {
      task_warnings.insert(warning.get<std::string>());
    }
  }
  log->write(record);
}

void Job::State::report_progress(const std::function<void(const JobProgress&)>& progress,
                                 double seconds) {
  JobProgress now;
  now.frame = done;
  now.expected = std::min(setup.source->info().expected_frames, end_frame());
  now.frames_per_second =
      static_cast<double>(done - first_frame() - report.resumed_frames) / seconds;
  if (now.expected > done) {
    now.seconds_left = static_cast<double>(now.expected - done) / now.frames_per_second;
  }
  progress(now);
}

// The middle stage, on the caller's thread. false: cancelled.
bool Job::State::matte_all(DecodeStage& decoding, std::list<OutputWriter>& writers,
                           const std::function<void(const JobProgress&)>& progress,
                           const std::function<bool()>& cancelled) {
  std::vector<workflow::OutputId> wanted = needed_results(setup.outputs);
  const auto is_alpha = [](const workflow::OutputId& id) { return id.output == kAlpha; };
  if (repair != nullptr && std::none_of(wanted.begin(), wanted.end(), is_alpha)) {
    wanted.push_back({0, kAlpha});  // repairs learn from it
  }
  MattingStage matting(decoding, lanes, FramePlates(setup.plate, repair), wanted, setup.backdrop,
                       settings.part_frames);
  const Stopwatch since_start;
  while (!cancelled()) {
    const auto matted = matting.next();
    if (!matted) return true;
    note(matted->record);
    for (OutputWriter& writer : writers) {
      if (!writer.push(matted->frame)) return false;  // it failed: finish() throws what it was
    }
    ++done;
    report.matte_busy = matting.busy_seconds();
    report_progress(progress, since_start.seconds());
  }
  return false;
}

// All three stages, from the first frame that no part has. false: cancelled.
bool Job::State::make_parts(const std::function<void(const JobProgress&)>& progress,
                            const std::function<bool()>& cancelled) {
  const Stopwatch watch;
  DecodeStage decoding(*setup.source, setup.plate_film.get(), setup.background_film.get(), done,
                       end_frame(), begin());
  std::list<OutputWriter> writers;
  for (std::size_t i = 0; i < setup.outputs.size(); ++i) {
    writers.emplace_back(setup.outputs[i], i, settings.part_frames, *journal);
  }
  const bool whole = matte_all(decoding, writers, progress, cancelled);
  decoding.finish();
  for (OutputWriter& writer : writers) writer.finish(whole);
  report.seconds = watch.seconds();
  report.decode_busy = decoding.busy_seconds();
  for (const OutputWriter& writer : writers) report.encode_busy.push_back(writer.busy_seconds());
  parts = writers.front().parts();
  return whole;
}

void Job::State::complete_report(bool whole) {
  report.frames = done - first_frame();
  report.interrupted = !whole;
  const auto made = static_cast<double>(report.frames - report.resumed_frames);
  report.frames_per_second = made / report.seconds;
  report.refined_share = made > 0 ? refined_sum / made : 0;
  append(report.warnings, setup.source->warnings());
  append(report.warnings, {task_warnings.begin(), task_warnings.end()});
  if (repair == nullptr) return;
  append(report.warnings, repair->warnings());
  report.repair = repair->summary().dump();
}

void Job::State::join(bool whole) {
  for (std::size_t i = 0; i < setup.outputs.size(); ++i) {
    video::OutputPlan plan = setup.outputs[i].plan;
    if (!whole && plan.format.kind == video::FileKind::kVideo) plan.path = partial_path(plan.path);
    video::join_parts(plan, journal->paths(i, parts),
                      whole ? video::Extent::kWhole : video::Extent::kSoFar);
    report.files.push_back(plan.path);
  }
  if (whole) journal->remove();
}

Job::Job(const JobSettings& settings, Lanes& lanes, FrameRepair* repair)
    : state_(std::make_unique<State>(settings, lanes, repair)) {}

Job::~Job() = default;

JobReport Job::run(const std::function<void(const JobProgress&)>& progress,
                   const std::function<bool()>& cancelled) {
  State& state = *state_;
  const bool whole = state.make_parts(progress, cancelled);
  state.complete_report(whole);
  if (state.report.frames == 0 && whole) {
    throw Error(WF_READ_FAILED, state.settings.video + " holds no frame");
  }
  if (state.report.frames > 0 && !state.settings.chunk) state.join(whole);
  return state.report;
}

}  // namespace video_matting
