#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/verbs.hpp"
#include "workflow/host.hpp"

namespace cli {
namespace {

using Json = nlohmann::ordered_json;
using workflow::PluginRegistry;

std::string version_text(std::uint32_t version) {
  return std::to_string(version >> 16) + "." + std::to_string(version & 0xFFFF);
}

Json plugin_json(const PluginRegistry::PluginDescription& plugin) {
  return {{"name", plugin.name},
          {"version", plugin.version},
          {"abi_version", version_text(plugin.abi_version)},
          {"path", plugin.path},
          {"tasks", plugin.tasks}};
}

Json ports_json(const wf_port_info* const* ports, std::uint32_t count) {
  Json json = Json::array();
  for (std::uint32_t i = 0; i < count; ++i) {
    json.push_back({{"index", i},
                    {"name", ports[i]->name},
                    {"required", ports[i]->required != 0},
                    {"description", ports[i]->description}});
  }
  return json;
}

Json task_json(const wf_task_info& task) {
  Json parameters = Json::array();
  for (std::uint32_t i = 0; i < task.parameter_count; ++i) {
    const wf_parameter_info& parameter = *task.parameters[i];
    parameters.push_back({{"key", parameter.key},
                          {"type", parameter.type},
                          {"default", parameter.default_value},
                          {"allowed", parameter.allowed},
                          {"help", parameter.help}});
  }
  return {{"name", task.name},
          {"version", task.version},
          {"description", task.description},
          {"authors", task.authors},
          {"article", task.article},
          {"journal", task.journal},
          {"year", task.year},
          {"licence", task.licence},
          {"keywords", task.keywords},
          {"inputs", ports_json(task.inputs, task.input_count)},
          {"outputs", ports_json(task.outputs, task.output_count)},
          {"parameters", parameters}};
}

void print_ports(const char* heading, const wf_port_info* const* ports, std::uint32_t count) {
  std::cout << heading << "\n";
  for (std::uint32_t i = 0; i < count; ++i) {
    std::cout << "  " << i << " " << ports[i]->name
              << (ports[i]->required != 0 ? " (required)" : "") << ": " << ports[i]->description
              << "\n";
  }
}

void print_task(const wf_task_info& task) {
  std::cout << task.name << " " << task.version << "\n" << task.description << "\n";
  print_ports("Inputs", task.inputs, task.input_count);
  print_ports("Outputs", task.outputs, task.output_count);
  std::cout << "Parameters\n";
  for (std::uint32_t i = 0; i < task.parameter_count; ++i) {
    const wf_parameter_info& parameter = *task.parameters[i];
    std::cout << "  " << parameter.key << " = " << parameter.default_value << "  ["
              << parameter.allowed << "]\n      " << parameter.help << "\n";
  }
}

void list(bool as_json) {
  const auto registry = PluginRegistry::with_default_plugins();
  Json json = Json::array();
  for (const auto& plugin : registry->plugins()) {
    json.push_back(plugin_json(plugin));
    if (as_json) continue;
    std::cout << plugin.name << " " << plugin.version << " (ABI "
              << version_text(plugin.abi_version) << ") " << plugin.path << "\n";
    for (const std::string& task : plugin.tasks) std::cout << "  task " << task << "\n";
  }
  if (as_json) std::cout << json.dump(2, ' ', false, Json::error_handler_t::replace) << "\n";
  for (const std::string& line : registry->refused())
    std::cerr << "matting: refused: " << line << "\n";
}

// NAME is a task, or a plugin, which stands for all of its tasks.
std::vector<std::string> tasks_named(const PluginRegistry& registry, const std::string& name) {
  for (const auto& plugin : registry.plugins()) {
    if (plugin.name == name) return plugin.tasks;
  }
  return {name};
}

void describe(const std::string& name, bool as_json) {
  const auto registry = PluginRegistry::with_default_plugins();
  Json json = Json::array();
  for (const std::string& task : tasks_named(*registry, name)) {
    const wf_task_info& info = registry->task_info(task);
    json.push_back(task_json(info));
    if (!as_json) print_task(info);
  }
  if (as_json) std::cout << json.dump(2, ' ', false, Json::error_handler_t::replace) << "\n";
}

}  // namespace

void add_plugin_verb(CLI::App& app) {
  struct Options {
    std::string name;
    bool json = false;
  };
  auto options = std::make_shared<Options>();
  CLI::App& verb = *app.add_subcommand("plugin", "List and describe plugins");
  verb.require_subcommand(1);
  verb.footer(example("matting plugin list"));

  CLI::App& list_verb = *verb.add_subcommand("list", "Plugins that were found, and their tasks");
  list_verb.add_flag("--json", options->json, "Print JSON");
  list_verb.footer(example("matting plugin list --json"));
  list_verb.callback([options] { list(options->json); });

  CLI::App& describe_verb =
      *verb.add_subcommand("describe", "Inputs, outputs and parameters of a plugin's tasks");
  describe_verb.add_option("NAME", options->name, "A plugin or a task")->required();
  describe_verb.add_flag("--json", options->json, "Print JSON");
  describe_verb.footer(example("matting plugin describe infer_background_matting"));
  describe_verb.callback([options] { describe(options->name, options->json); });
}

}  // namespace cli
