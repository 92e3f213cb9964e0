#include "infer_background_matting/task.hpp"

#include <algorithm>
#include <atomic>
#include <new>
#include <utility>

#include "projection/plate_projection.hpp"
#include "task/input_fitting.hpp"
#include "task/model_selection.hpp"
#include "task/plate_check.hpp"
#include "task/result_json.hpp"
#include "task/run_record.hpp"

namespace matting {
namespace {

// True while a run is under way, so that cancel() outside of one is forgotten.
class RunningScope {
 public:
  RunningScope(std::atomic<bool>& running, std::atomic<bool>& cancelled) : running_(running) {
    cancelled = false;
    running_ = true;
  }
  ~RunningScope() { running_ = false; }
  RunningScope(const RunningScope&) = delete;
  RunningScope& operator=(const RunningScope&) = delete;

 private:
  std::atomic<bool>& running_;
};

// Some settings are the native engine's. Somebody who asked for the other engine by name cannot
// have both; who left the choice open gets the whole work done, and is told.
void check_settings(const Params& params, const MattingModel& model, Warnings& warnings) {
  if (model.leaves_work_out()) return;
  const std::pair<const char*, bool> settings[] = {
      {"model_region_margin", params.network.region_margin.has_value()},
      {"model_refine_change", params.network.refine_change.has_value()}};
  for (const auto& [name, given] : settings) {
    if (!given) continue;
    if (params.engine == EngineChoice::kTorchScript) {
      throw Error(ErrorCode::kNotSupported, std::string(name) +
                                                " works with the native engine only: set engine "
                                                "to auto or native, or " +
                                                name + " to off");
    }
    warnings.push_back(std::string(name) +
                       " has no effect: this model runs in the torchscript "
                       "engine, which computes everything");
  }
}

bool has_background(const TaskInputs& inputs, const Params& params) {
  return !inputs.background.empty() || params.background.kind != BackgroundChoice::Kind::kNone;
}

}  // namespace

struct BackgroundMattingTask::State {
  Params params;
  Progress progress;
  Log log;
  ParallelRunner runner;
  InputFitting fitting;
  SelectedModel selected;
  std::string selected_key;  // of `selected`; empty: none
  PlateProjection projection;
  Image own_alpha, own_foreground;  // where the projection needs what the caller does not
  RunResult last;
  bool has_run = false;
  std::atomic<bool> running{false};
  std::atomic<bool> cancelled{false};

  void select() {
    std::string key = selection_key(params);
    if (selected.model && key == selected_key) return;
    selected = {};  // free the old weights before the new ones come
    selected = select_model(params, runner);
    selected_key = std::move(key);
    for (const std::string& warning : selected.warnings) {
      if (log) log(2, warning);
    }
  }

  // Those of params, the scale raised where a picture of this size wants it; 1 for mattingbase.
  NetworkSettings settings_for(int width, int height) const;

  bool projects() const { return params.plate_projection.value_or(selected.plate_projection); }

  FrameReport matte_and_project(const NetworkSettings& settings, Frame frame,
                                StageObserver& observer);
  void run(const TaskInputs& inputs, const TaskOutputs& outputs);
  void remember(const Frame& frame, const FrameReport& report, const TaskOutputs& outputs,
                Warnings warnings, StageClock& clock);
};

NetworkSettings BackgroundMattingTask::State::settings_for(int width, int height) const {
  // Halved four times, sides of other sizes are not whole, and the network sees worse.
  constexpr int kWhole = 64;
  NetworkSettings settings = params.network;
  if (settings.type == ModelType::kMattingBase) settings.backbone_scale = 1;
  const int of_model = params.fine_backbone
                           ? std::max(selected.backbone_fine_side, selected.backbone_min_side)
                           : selected.backbone_min_side;
  const int wanted = params.backbone_min_side.value_or(of_model);
  const int side = std::max({width, height, 1});
  if (side * settings.backbone_scale >= wanted) return settings;
  const int raised = (wanted + kWhole - 1) / kWhole * kWhole;
  settings.backbone_scale = std::min(1.0, static_cast<double>(raised) / side);
  return settings;
}

// The projection needs alpha, and for a composite the foreground, also where the caller does not.
FrameReport BackgroundMattingTask::State::matte_and_project(const NetworkSettings& settings,
                                                            Frame frame, StageObserver& observer) {
  const auto stand_in = [&](MutableImageView& view, Image& own, PixelFormat format) {
    if (!view.empty()) return;
    const int width = frame.image.width, height = frame.image.height;
    if (own.width() != width || own.height() != height || own.format() != format) {
      own = Image(width, height, format);
    }
    view = own.mutable_view();
  };
  const TaskOutputFormats formats = output_formats_for(frame.image.format, false);
  stand_in(frame.alpha, own_alpha, formats.alpha);
  if (!frame.composite.empty()) stand_in(frame.foreground, own_foreground, formats.foreground);
  const FrameReport report = selected.model->run(settings, frame, observer);
  projection.apply(frame, params.projection_passes, selected.model->describe().threads, runner);
  return report;
}

void BackgroundMattingTask::State::run(const TaskInputs& inputs, const TaskOutputs& outputs) {
  const RunningScope scope(running, cancelled);
  StageClock clock(progress, cancelled);
  Warnings warnings;

  clock.begin_stage("check");
  check_inputs(inputs);
  check_outputs(outputs, output_formats_for(inputs.image.format, has_background(inputs, params)),
                inputs.image);

  clock.begin_stage("model");
  select();
  check_settings(params, *selected.model, warnings);

  clock.begin_stage("fit");
  Frame frame = fitting.fit(inputs, params, warnings);
  frame.composite = outputs.composite;
  frame.alpha = outputs.alpha;
  frame.foreground = outputs.foreground;
  frame.error = outputs.error;

  const bool wants_matte =
      !frame.alpha.empty() || !frame.foreground.empty() || !frame.composite.empty();
  const NetworkSettings settings = settings_for(frame.image.width, frame.image.height);
  const FrameReport report = projects() && wants_matte
                                 ? matte_and_project(settings, frame, clock)
                                 : selected.model->run(settings, frame, clock);

  clock.begin_stage("report");
  if (!frame.alpha.empty()) warn_of_plate(measure_plate_fit(frame), warnings);
  last.backbone_scale = settings.backbone_scale;
  remember(frame, report, outputs, std::move(warnings), clock);
}

void BackgroundMattingTask::State::remember(const Frame& frame, const FrameReport& report,
                                            const TaskOutputs& outputs, Warnings warnings,
                                            StageClock& clock) {
  warnings.insert(warnings.begin(), selected.warnings.begin(), selected.warnings.end());
  last.parameters = to_parameter_map(params);
  last.width = frame.image.width;
  last.height = frame.image.height;
  last.model_name = selected.name;
  last.model_sha256 = selected.sha256;
  last.plate_projection = projects();
  last.ran = selected.model->describe();
  last.report = report;
  last.warnings = std::move(warnings);
  last.outputs = outputs;
  last.stages = clock.finish();
  has_run = true;
}

BackgroundMattingTask::BackgroundMattingTask() : state_(std::make_unique<State>()) {}
BackgroundMattingTask::~BackgroundMattingTask() = default;
BackgroundMattingTask::BackgroundMattingTask(BackgroundMattingTask&&) noexcept = default;
BackgroundMattingTask& BackgroundMattingTask::operator=(BackgroundMattingTask&&) noexcept = default;

void BackgroundMattingTask::set_parameters(const ParameterMap& values) {
  apply_parameters(values, state_->params);
}

ParameterMap BackgroundMattingTask::parameters() const {
  return to_parameter_map(state_->params);
}

void BackgroundMattingTask::set_progress(Progress progress) {
  state_->progress = std::move(progress);
}

void BackgroundMattingTask::set_log(Log log) {
  state_->log = std::move(log);
}

void BackgroundMattingTask::set_parallel_runner(const ParallelRunner& runner) {
  if (runner == state_->runner) return;
  state_->runner = runner;
  state_->selected = {};  // what is made for some threads cannot move to others
}

TaskOutputFormats BackgroundMattingTask::output_formats(const TaskInputs& inputs) const {
  return output_formats_for(inputs.image.format, has_background(inputs, state_->params));
}

void BackgroundMattingTask::prepare(const TaskInputs& inputs) {
  check_given(inputs);
  state_->select();
  const int width = inputs.image.width, height = inputs.image.height;
  state_->selected.model->prepare(state_->settings_for(width, height), width, height);
}

void BackgroundMattingTask::run(const TaskInputs& inputs, const TaskOutputs& outputs) {
  try {
    state_->run(inputs, outputs);
  } catch (const std::bad_alloc&) {
    throw Error(ErrorCode::kOutOfMemory, "not enough memory for a picture of " +
                                             std::to_string(inputs.image.width) + "x" +
                                             std::to_string(inputs.image.height) + " pixels");
  }
}

MattingResult BackgroundMattingTask::run(const TaskInputs& inputs) {
  check_inputs(inputs);
  const TaskOutputFormats formats = output_formats(inputs);
  const int width = inputs.image.width, height = inputs.image.height;
  MattingResult result{Image(width, height, formats.composite), Image(width, height, formats.alpha),
                       Image(width, height, formats.foreground),
                       Image(width, height, formats.error)};
  run(inputs, {result.composite.mutable_view(), result.alpha.mutable_view(),
               result.foreground.mutable_view(), result.error.mutable_view()});
  return result;
}

void BackgroundMattingTask::cancel() noexcept {
  if (state_->running) state_->cancelled = true;
}

std::string BackgroundMattingTask::to_json() const {
  return state_->has_run ? result_json(state_->last) : "{}";
}

std::uint64_t BackgroundMattingTask::estimate_memory(int width, int height) const {
  state_->select();
  return state_->selected.model->estimate_memory(state_->settings_for(width, height), width,
                                                 height);
}

}  // namespace matting
