#include <charconv>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/matting_workflow.hpp"
#include "cli/result_files.hpp"
#include "cli/verbs.hpp"
#include "files/atomic_file.hpp"

namespace cli {
namespace {

using Json = nlohmann::ordered_json;

struct Options {
  std::string workflow, folder;
  std::vector<std::string> inputs;  // "i=FILE"
  bool json = false;
};

void set_input(workflow::Workflow& workflow, const std::string& input) {
  const std::size_t equals = input.find('=');
  const char* const first = input.data();
  std::size_t index = 0;
  const bool has_file = equals != std::string::npos && equals + 1 < input.size();
  const auto parsed = std::from_chars(first, first + (has_file ? equals : 0), index);
  if (!has_file || parsed.ec != std::errc() || parsed.ptr != first + equals) {
    throw UsageError("--input takes NUMBER=FILE, found '" + input + "'");
  }
  workflow.set_image_input(input.substr(equals + 1), index);
}

std::string result_of(const workflow::Workflow& workflow) {
  Json json = {{"tasks", Json::array()}, {"outputs", Json::array()}};
  for (int task = 0; task < workflow.task_count(); ++task) {
    json["tasks"].push_back({{"task_id", task},
                             {"name", workflow.task_info(task).name},
                             {"result", Json::parse(workflow.result_json(task))}});
  }
  for (const workflow::Output& output : workflow) {
    if (output.image.empty()) continue;
    json["outputs"].push_back({{"task_id", output.task},
                               {"index", output.index},
                               {"name", output.name},
                               {"format", workflow::format_name(output.image.format())},
                               {"width", output.image.width()},
                               {"height", output.image.height()},
                               {"file", result_file_name(workflow, output)}});
  }
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

void run(const Options& options) {
  workflow::files::make_writable_folder(options.folder);
  workflow::Workflow workflow;
  workflow.load(options.workflow);
  for (const std::string& input : options.inputs) set_input(workflow, input);
  {
    ProgressBar bar;
    run_with_progress(workflow, bar);
  }
  const std::string json = result_of(workflow);
  write_results(workflow, json, options.folder);
  if (options.json) std::cout << json << "\n";
}

}  // namespace

void add_run_verb(CLI::App& app) {
  auto options = std::make_shared<Options>();
  CLI::App& verb = *app.add_subcommand("run", "Run a saved workflow");
  verb.add_option("WORKFLOW", options->workflow, "A workflow file (JSON)")->required();
  verb.add_option("--input", options->inputs, "Input images of the workflow, counted from 0")
      ->type_name("NUMBER=FILE");
  verb.add_option("-o,--output", options->folder, "Folder for the results; made if needed")
      ->required();
  verb.add_flag("--json", options->json, "Print result.json to standard output too");
  verb.footer(
      example("matting run examples/cut_out.json --input 0=sample_image/portrait_image.jpg "
              "1=sample_image/portrait_plate.jpg -o result"));
  verb.callback([options] { run(*options); });
}

}  // namespace cli
