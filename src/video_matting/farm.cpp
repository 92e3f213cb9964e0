#include "video_matting/farm.hpp"

#include <filesystem>
#include <fstream>

#include "files/atomic_file.hpp"
#include "files/scratch_folder.hpp"
#include "video/part.hpp"
#include "video_matting/fingerprint.hpp"
#include "video_matting/job_setup.hpp"
#include "video_matting/journal.hpp"

namespace video_matting {
namespace {

namespace fs = std::filesystem;
namespace video = workflow::video;
using Json = nlohmann::ordered_json;
using workflow::Error;

constexpr const char* kFolderEnding = ".farm";
constexpr const char* kLogName = "/frames.jsonl";

std::string text_of(const Json& facts, const std::string& key) {
  if (!facts.contains(key)) return "";
  return facts[key].dump(-1, ' ', false, Json::error_handler_t::replace);
}

// "video, parameters": what is not as it was.
std::string differences(const Json& planned, const Json& found) {
  std::string names;
  for (const auto& [key, value] : found.items()) {
    if (text_of(planned, key) != text_of(found, key)) names += (names.empty() ? "" : ", ") + key;
  }
  return names;
}

}  // namespace

Farm::Farm(const FarmPlan& plan, const JobSettings& settings, Lanes& lanes, FrameRepair* repair)
    : plan_(plan), settings_(settings), lanes_(lanes), repair_(repair) {
  JobSetup setup(settings, lanes, repair);
  const std::string changed = differences(plan.facts, setup.facts);
  if (!changed.empty()) {
    throw Error(WF_INVALID_ARGUMENT, "changed since the plan was made: " + changed +
                                         "; bring back what was there, or make a new plan");
  }
  outputs_ = std::move(setup.outputs);
  folder_ = settings.outputs.front().path + kFolderEnding;
}

// The frames' numbers are its name: another plan of the same job may divide it in another way.
std::string Farm::chunk_path(std::size_t number) const {
  const Chunk& chunk = plan_.chunks[number];
  char name[48];
  std::snprintf(name, sizeof name, "/%08lld-%08lld", static_cast<long long>(chunk.first),
                static_cast<long long>(chunk.first + chunk.frames - 1));
  return folder_ + name;
}

ChunkState Farm::state(std::size_t number) const {
  const std::string path = chunk_path(number);
  if (!fs::exists(path)) return ChunkState::kMissing;
  try {
    std::int64_t frames = 0;
    for (const auto& part : Journal::find_parts(path, fingerprint(plan_.facts), outputs_)) {
      frames += part.frames;
    }
    if (frames == plan_.chunks[number].frames) return ChunkState::kDone;
  } catch (const Error&) {
    // No journal, or that of another job.
  }
  return ChunkState::kDamaged;
}

JobReport Farm::run(std::size_t number, const std::function<void(const JobProgress&)>& progress,
                    const std::function<bool()>& cancelled) {
  workflow::files::make_writable_folder(folder_);
  const std::string path = chunk_path(number);
  workflow::files::ScratchFolder scratch(path + ".tmp-");
  JobSettings settings = settings_;
  settings.chunk = plan_.chunks[number];
  settings.chunk->folder = scratch.path();
  settings.resume = false;
  if (!settings.log.empty()) settings.log = scratch.path() + kLogName;
  const JobReport report = Job(settings, lanes_, repair_).run(progress, cancelled);
  if (report.interrupted) return report;
  if (report.frames != settings.chunk->frames) {
    throw Error(WF_READ_FAILED, settings.video + " gave " + std::to_string(report.frames) +
                                    " frames from frame " + std::to_string(settings.chunk->first) +
                                    " on, the plan wants " +
                                    std::to_string(settings.chunk->frames) + "; make a new plan");
  }
  while (!scratch.become(path)) {
    if (state(number) == ChunkState::kDone) break;  // another process was faster
    workflow::files::ScratchFolder aside(path + ".old-");
    std::error_code gone;  // by another process that found it damaged as well
    fs::rename(path, aside.path() + "/damaged", gone);
  }
  return report;
}

std::vector<std::string> Farm::part_paths(std::size_t output) const {
  std::vector<std::string> paths;
  for (std::size_t number = 0; number < plan_.chunks.size(); ++number) {
    const std::int64_t frames = plan_.chunks[number].frames;
    for (std::int64_t part = 0; part * settings_.part_frames < frames; ++part) {
      paths.push_back(Journal::part_path(chunk_path(number), output, part));
    }
  }
  return paths;
}

void Farm::join_logs() const {
  workflow::files::AtomicFile log(settings_.log);
  for (std::size_t number = 0; number < plan_.chunks.size(); ++number) {
    std::ifstream file(chunk_path(number) + kLogName);
    std::string line;
    while (std::getline(file, line)) {
      line += '\n';
      log.write(line.data(), line.size());
    }
  }
  log.commit();
}

std::vector<std::string> Farm::join(const std::function<void(const std::string&, double)>& step) {
  std::vector<std::string> files;
  for (std::size_t i = 0; i < outputs_.size(); ++i) {
    const video::OutputPlan& plan = outputs_[i].plan;
    // Pictures are linked, not moved: all parts are there until all outputs are.
    const bool film = plan.format.kind == video::FileKind::kVideo;
    const std::vector<std::string> parts = part_paths(i);
    const auto all = static_cast<double>(parts.size() * outputs_.size());
    video::join_parts(plan, parts, film ? video::Extent::kWhole : video::Extent::kSoFar,
                      [&](std::size_t part) {
                        step(plan.path, static_cast<double>(i * parts.size() + part) / all);
                      });
    files.push_back(plan.path);
  }
  if (!settings_.log.empty()) join_logs();
  fs::remove_all(folder_);
  return files;
}

}  // namespace video_matting
