// A workflow of one matting task, as several verbs need it.
#ifndef CLI_MATTING_WORKFLOW_HPP
#define CLI_MATTING_WORKFLOW_HPP

#include <CLI/App.hpp>
#include <string>
#include <vector>

#include "cli/progress_bar.hpp"
#include "workflow/host.hpp"

namespace cli {

// Indices of the task's inputs and outputs.
enum Input : std::size_t { kImage, kPlate, kBackground, kMask };
enum OutputIndex : int { kComposite, kAlpha, kForeground, kErrorMap };

// "key=value" of each --set.
using Settings = std::vector<std::string>;
void add_settings(CLI::App& verb, Settings& settings);

// One task with these settings and no inputs. Throws UsageError about a setting that the task does
// not take, workflow::Error when no plugin offers the task (with what was wrong with those found).
workflow::Workflow make_matting_workflow(const Settings& settings);

// Settings for single pictures, where a matte's quality counts more than its time: the base network
// sees more and soft edges are estimated three times, unless the settings say otherwise.
Settings for_single_pictures(Settings settings);

// Runs workflow; shows its steps and its plugins' messages on bar, heeds Ctrl-C.
void run_with_progress(workflow::Workflow& workflow, ProgressBar& bar);

}  // namespace cli

#endif  // CLI_MATTING_WORKFLOW_HPP
