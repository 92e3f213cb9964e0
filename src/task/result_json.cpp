#include "task/result_json.hpp"

#include <cstring>
#include <nlohmann/json.hpp>

namespace matting {
namespace {

using Json = nlohmann::ordered_json;

void add_output(Json& list, int index, const char* name, const MutableImageView& view) {
  if (view.empty()) return;
  list.push_back({{"index", index},
                  {"name", name},
                  {"shape", {view.height, view.width, channel_count(view.format)}},
                  {"type", channel_bytes(view.format) == 1 ? "uint8" : "uint16"},
                  {"format", format_name(view.format)}});
}

Json outputs_json(const TaskOutputs& outputs) {
  Json list = Json::array();
  add_output(list, 0, "composite", outputs.composite);
  add_output(list, 1, "alpha", outputs.alpha);
  add_output(list, 2, "foreground", outputs.foreground);
  add_output(list, 3, "error", outputs.error);
  return list;
}

void add_times(Json& json, const StageClock::Milliseconds& stages) {
  double total = 0, network = 0;
  Json times = Json::object();
  for (const auto& [name, milliseconds] : stages) {
    times[name] = milliseconds;
    total += milliseconds;
    if (name == "network") network = milliseconds;
  }
  json["stages_ms"] = times;
  json["network_ms"] = network;
  json["total_ms"] = total;
}

}  // namespace

std::string result_json(const RunResult& result) {
  Json json;
  json["task"] = BackgroundMattingTask::kName;
  json["parameters"] = result.parameters;
  json["size"] = {{"width", result.width}, {"height", result.height}};
  json["model"] = {{"name", result.model_name}, {"sha256", result.model_sha256}};
  json["device"] = result.ran.device;
  json["engine"] = result.ran.engine;
  json["isa"] = result.ran.isa;
  json["precision"] = result.ran.precision;
  json["threads"] = result.ran.threads;
  json["refiner_hands_on"] = result.ran.refiner_hands_on;
  add_times(json, result.stages);
  json["backbone_scale"] = result.backbone_scale;
  json["plate_projection"] = result.plate_projection;
  json["refined_share"] = result.report.refined_share;
  json["reused_share"] = result.report.reused_share;
  const PixelRegion& region = result.report.region;
  json["region"] = {
      {"x", region.x}, {"y", region.y}, {"width", region.width}, {"height", region.height}};
  json["error_mean"] = result.report.error_mean;
  json["error_max"] = result.report.error_max;
  json["warnings"] = result.warnings;
  json["outputs"] = outputs_json(result.outputs);
  // A path of the user's may not be UTF-8: replace what is not, rather than fail.
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace matting
