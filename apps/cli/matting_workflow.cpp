#include "cli/matting_workflow.hpp"

#include "cli/interrupt.hpp"
#include "cli/verbs.hpp"

namespace cli {
namespace {

constexpr const char* kTask = "infer_background_matting";

workflow::ParameterMap parse_settings(const Settings& settings) {
  workflow::ParameterMap parameters;
  for (const std::string& setting : settings) {
    const std::size_t equals = setting.find('=');
    if (equals == std::string::npos || equals == 0) {
      throw UsageError("--set takes key=value, found '" + setting + "'");
    }
    parameters[setting.substr(0, equals)] = setting.substr(equals + 1);
  }
  return parameters;
}

// A plugin that was there but refused is the likely reason for a missing task.
void add_matting_task(workflow::Workflow& workflow, const workflow::PluginRegistry& registry) {
  try {
    workflow.add_task(kTask);
  } catch (const workflow::Error& error) {
    std::string text = error.what();
    for (const std::string& line : registry.refused()) text += "\n  refused: " + line;
    throw workflow::Error(error.code(), text);
  }
}

void set_parameters(workflow::Workflow& workflow, const Settings& settings) {
  try {
    workflow.set_parameters(0, parse_settings(settings));
  } catch (const workflow::Error& error) {
    const bool wrong_call =
        error.code() == WF_UNKNOWN_PARAMETER || error.code() == WF_BAD_PARAMETER_VALUE;
    if (wrong_call) throw UsageError(error.what());
    throw;
  }
}

}  // namespace

void add_settings(CLI::App& verb, Settings& settings) {
  verb.add_option("--set", settings,
                  "Parameters of the task, see: matting plugin describe infer_background_matting")
      ->type_name("KEY=VALUE");
}

workflow::Workflow make_matting_workflow(const Settings& settings) {
  const auto registry = workflow::PluginRegistry::with_default_plugins();
  workflow::Workflow workflow(registry);
  add_matting_task(workflow, *registry);
  set_parameters(workflow, settings);
  return workflow;
}

Settings for_single_pictures(Settings settings) {
  bool has_scale = false, has_passes = false;
  for (const auto& [key, value] : parse_settings(settings)) {
    has_scale |= key == "model_backbone_scale" || key == "model_backbone_min_side";
    has_passes |= key == "plate_projection_passes";
  }
  if (!has_scale) settings.emplace_back("model_backbone_min_side=fine");
  if (!has_passes) settings.emplace_back("plate_projection_passes=3");
  return settings;
}

void run_with_progress(workflow::Workflow& workflow, ProgressBar& bar) {
  workflow.set_progress([&bar](const workflow::Progress& progress) {
    stop_if_interrupted();
    bar.update(progress.total_step, progress.total_step_count, progress.stage);
  });
  workflow.set_log([&bar](std::uint32_t level, const std::string& text) {
    if (level >= WF_LOG_WARNING) bar.message("matting: " + text);
  });
  stop_if_interrupted();
  workflow.run();
  workflow.set_progress({});
  workflow.set_log({});
}

}  // namespace cli
