#include "cli/video_lanes.hpp"

#include <nlohmann/json.hpp>

namespace cli {
namespace {

using Json = nlohmann::ordered_json;
using video_matting::Lanes;

// What the task says of a tiny frame: the engine that runs, on what, in how many threads.
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

// A GPU's memory is short, and LibTorch has one set of threads for all.
bool can_run_side_by_side(const Json& result) {
  return result.value("engine", "") == "native" && result.value("device", "") == "cpu";
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

Lanes lanes_of(const VideoOptions& options) {
  Lanes lanes = one_lane_of(options);
  if (options.one_at_a_time || frames_depend(lanes.front().parameters(0))) return lanes;
  const Json result = try_out(lanes.front());
  const int threads = result.value("threads", 1);
  if (threads < 2 || !can_run_side_by_side(result)) return lanes;
  lanes.push_back(workflow_of(options));
  for (workflow::Workflow& lane : lanes) {
    lane.set_parameters(0, {{"threads", std::to_string((threads + 1) / 2)}});
  }
  return lanes;
}

}  // namespace cli
