#include "cli/video_lanes.hpp"

#include <nlohmann/json.hpp>

#include "threads/thread_pool.hpp"

namespace cli {
namespace {

using Json = nlohmann::ordered_json;
using video_matting::Lanes;

constexpr std::uint32_t kThreadsForThree = 8;

// What the task says of a tiny frame: the engine that runs, and on what.
Json try_out(workflow::Workflow& workflow) {
  constexpr std::uint32_t kSide = 64;
  const workflow::Image picture(kSide, kSide, WF_FORMAT_RGB8);
  workflow.set_image_input(picture, kImage);
  workflow.set_image_input(picture, kPlate);
  workflow.set_wanted_outputs({{0, kAlpha}});
  workflow.run();
  workflow.clear_image_input(kImage);
  workflow.clear_image_input(kPlate);
  const Json result = Json::parse(workflow.result_json(0), nullptr, false);
  return result.is_object() ? result : Json::object();
}

// LibTorch on the CPU has one set of threads for all.
bool can_run_side_by_side(const Json& result) {
  return result.value("engine", "") == "native" || result.value("device", "cpu") != "cpu";
}

// Under these settings a frame uses what the one before it left.
bool frames_depend(const workflow::ParameterMap& parameters) {
  for (const char* name : {"model_refine_change", "model_region_margin"}) {
    const auto found = parameters.find(name);
    if (found != parameters.end() && found->second != "off") return true;
  }
  return false;
}

}  // namespace

Lanes one_lane_of(const VideoOptions& options) {
  Lanes lanes;
  lanes.push_back(workflow_of(options));
  return lanes;
}

void add_lanes(const VideoOptions& options, Lanes& lanes) {
  if (options.one_at_a_time || frames_depend(lanes.front().parameters(0))) return;
  const std::string wanted = lanes.front().parameters(0).at("threads");
  const std::uint32_t threads =
      wanted == "0" ? workflow::available_cpus() : static_cast<std::uint32_t>(std::stoul(wanted));
  if (threads < 2) return;
  const std::uint32_t count = threads < kThreadsForThree ? 2 : 3;
  const workflow::ParameterMap share = {{"threads", std::to_string((threads + count - 1) / count)}};
  // Before the model is loaded: for other threads it would be loaded again.
  lanes.front().set_parameters(0, share);
  if (!can_run_side_by_side(try_out(lanes.front()))) {
    lanes.front().set_parameters(0, {{"threads", wanted}});
    return;
  }
  while (lanes.size() < count) {
    lanes.push_back(workflow_of(options));
    lanes.back().set_parameters(0, share);
  }
}

Lanes lanes_of(const VideoOptions& options) {
  Lanes lanes = one_lane_of(options);
  add_lanes(options, lanes);
  return lanes;
}

}  // namespace cli
