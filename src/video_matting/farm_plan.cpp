#include "video_matting/farm_plan.hpp"

#include <algorithm>

#include "video_matting/job_setup.hpp"

namespace video_matting {
namespace {

using Json = nlohmann::ordered_json;
using workflow::Error;
using workflow::video::FrameScan;
using workflow::video::SeekPoint;

std::vector<Chunk> divide(const FrameScan& scan, std::int64_t chunk_frames) {
  std::vector<Chunk> chunks;
  for (std::int64_t first = 0; first < scan.frames; first += chunk_frames) {
    Chunk chunk;
    chunk.first = first;
    chunk.frames = std::min(chunk_frames, scan.frames - first);
    chunk.begin = scan.begin;
    const std::size_t point = chunks.size() - 1;  // the first chunk needs none
    if (first > 0 && point < scan.points.size()) chunk.seek = scan.points[point];
    chunks.push_back(chunk);
  }
  return chunks;
}

Json json_of(const Chunk& chunk) {
  Json json = {{"first", chunk.first}, {"frames", chunk.frames}};
  if (chunk.seek) {
    json["seek"] = {{"from", chunk.seek->from},
                    {"previous", chunk.seek->previous},
                    {"checksum", chunk.seek->checksum}};
  }
  return json;
}

Chunk chunk_of(const Json& json, std::int64_t begin) {
  Chunk chunk;
  chunk.begin = begin;
  chunk.first = json.at("first");
  chunk.frames = json.at("frames");
  if (json.contains("seek")) {
    const Json& seek = json["seek"];
    chunk.seek = SeekPoint{chunk.first, seek.at("from"), seek.at("previous"), seek.at("checksum")};
  }
  return chunk;
}

// Chunks follow each other and are whole parts, but for the last one.
void check(const std::vector<Chunk>& chunks, std::int64_t part_frames) {
  std::int64_t next = 0;
  for (const Chunk& chunk : chunks) {
    if (chunk.frames < 1 || chunk.first != next || part_frames < 1 || next % part_frames != 0) {
      throw Error(WF_INVALID_ARGUMENT, "the plan's chunk at frame " + std::to_string(chunk.first) +
                                           " does not follow the one before it in whole parts");
    }
    next += chunk.frames;
  }
  if (chunks.empty()) throw Error(WF_INVALID_ARGUMENT, "the plan has no chunks");
}

}  // namespace

MadePlan make_plan(const JobSettings& settings, Lanes& lanes, const FrameRepair* repair,
                   std::int64_t chunk_parts, const std::function<void(std::int64_t)>& seen) {
  const JobSetup setup(settings, lanes, repair);
  const std::int64_t chunk_frames = settings.part_frames * chunk_parts;
  const FrameScan scan = workflow::video::scan_frames(settings.video, settings.sequence_rate,
                                                      chunk_frames, settings.frame_limit, seen);
  if (scan.frames == 0) throw Error(WF_READ_FAILED, settings.video + " holds no frame");
  MadePlan made = {{setup.facts, divide(scan, chunk_frames)}, setup.warnings};
  made.warnings.insert(made.warnings.end(), scan.warnings.begin(), scan.warnings.end());
  return made;
}

Json to_json(const FarmPlan& plan) {
  Json json = {{"job", plan.facts}, {"begin", plan.chunks.front().begin}};
  for (const Chunk& chunk : plan.chunks) json["chunks"].push_back(json_of(chunk));
  return json;
}

FarmPlan plan_of(const Json& json) try {
  FarmPlan plan;
  plan.facts = json.at("job");
  for (const Json& chunk : json.at("chunks")) {
    plan.chunks.push_back(chunk_of(chunk, json.at("begin")));
  }
  check(plan.chunks, plan.facts.at("part_frames"));
  return plan;
} catch (const Json::exception& error) {
  throw Error(WF_INVALID_ARGUMENT, std::string("it is no plan of a job: ") + error.what());
}

}  // namespace video_matting
