// Load plugins, build a graph of their tasks, run it. The host knows no task by name.
#ifndef WORKFLOW_HOST_HPP
#define WORKFLOW_HOST_HPP

#include <cstddef>
#include <functional>
#include <iosfwd>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "workflow/error.hpp"
#include "workflow/image.hpp"

namespace workflow {

using ParameterMap = std::map<std::string, std::string>;

// Plugins that are loaded, and the tasks they offer. Safe to use from several threads. A plugin
// stays loaded until the registry and every Workflow made from it are gone.
class PluginRegistry {
 public:
  PluginRegistry();
  ~PluginRegistry();
  PluginRegistry(const PluginRegistry&) = delete;
  PluginRegistry& operator=(const PluginRegistry&) = delete;

  // A registry that has loaded every plugin of default_folders().
  static std::shared_ptr<PluginRegistry> with_default_plugins();

  // $WF_PLUGIN_PATH (separated by ':'), else the folder of this library and its "workflow" folder.
  static std::vector<std::string> default_folders();

  // Loads one plugin file. Throws Error WF_PLUGIN_INVALID with the loader's text, or with both ABI
  // versions where they do not fit; nothing stays loaded then. Loading a file again does nothing.
  void load(const std::string& path);

  // Loads every shared library of a folder that exports WF_PLUGIN_ENTRY_SYMBOL; other files are
  // passed over. Returns a line for each plugin that was refused.
  std::vector<std::string> load_folder(const std::string& folder);

  struct PluginDescription {
    std::string name, version, path;
    std::uint32_t abi_version = 0;
    std::vector<std::string> tasks;
  };
  std::vector<PluginDescription> plugins() const;

  // The task's own description; valid as long as the registry. Throws Error WF_UNKNOWN_TASK with
  // the names that there are.
  const wf_task_info& task_info(const std::string& task) const;

 private:
  friend class Workflow;
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace workflow

#endif  // WORKFLOW_HOST_HPP
