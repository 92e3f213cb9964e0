// The JSON that describes a run.
#ifndef MATTING_TASK_RESULT_JSON_HPP
#define MATTING_TASK_RESULT_JSON_HPP

#include <string>

#include "image/frame.hpp"
#include "task/model_selection.hpp"
#include "task/run_record.hpp"

namespace matting {

// What a run leaves behind for to_json.
struct RunResult {
  ParameterMap parameters;
  int width = 0, height = 0;
  std::string model_name, model_sha256;
  ModelDescription ran;
  double backbone_scale = 1;  // at which the base network worked
  bool plate_projection = false;
  StageClock::Milliseconds stages;
  FrameReport report;
  Warnings warnings;
  TaskOutputs outputs;  // compared with empty and asked for their format; never read
};

// A JSON object: parameters, size, model, device, engine, isa, precision, threads,
// refiner_hands_on, stages_ms, network_ms, total_ms, backbone_scale, plate_projection,
// refined_share, reused_share, region, error_mean, error_max, warnings, outputs.
std::string result_json(const RunResult& result);

}  // namespace matting

#endif  // MATTING_TASK_RESULT_JSON_HPP
