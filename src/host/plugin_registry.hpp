// The registry's state, shared with the workflows made from it.
#ifndef WORKFLOW_HOST_PLUGIN_REGISTRY_HPP
#define WORKFLOW_HOST_PLUGIN_REGISTRY_HPP

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "host/plugin.hpp"
#include "workflow/host.hpp"

namespace workflow {

struct PluginRegistry::State {
  // The plugin that offers the task. Throws Error WF_UNKNOWN_TASK. Any thread.
  std::shared_ptr<const Plugin> plugin_of(const std::string& task) const;

  // Throws Error WF_PLUGIN_INVALID where another plugin offers a task of the same name.
  void add(std::shared_ptr<const Plugin> plugin);

  mutable std::mutex mutex;
  std::vector<std::shared_ptr<const Plugin>> plugins;
  std::vector<std::string> refused;
};

}  // namespace workflow

#endif  // WORKFLOW_HOST_PLUGIN_REGISTRY_HPP
