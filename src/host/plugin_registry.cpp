#include "host/plugin_registry.hpp"

#include <dlfcn.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <sstream>

#include "host/exported_symbol.hpp"

namespace workflow {
namespace {

namespace fs = std::filesystem;

// The folder of the library that this function is in.
fs::path own_folder() {
  Dl_info info;
  const auto* here = reinterpret_cast<const void*>(&own_folder);
  if (::dladdr(here, &info) == 0 || info.dli_fname == nullptr) return ".";
  std::error_code error;
  const fs::path file = fs::canonical(info.dli_fname, error);
  return error ? fs::path(".") : file.parent_path();
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, separator);) {
    if (!part.empty()) parts.push_back(part);
  }
  return parts;
}

// Library files in the folder, sorted, each once however many links lead to it.
std::vector<std::string> library_files(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (entry.path().filename().string().find(".so") == std::string::npos) continue;
    const fs::path file = fs::canonical(entry.path(), error);
    if (!error) files.push_back(file.string());
  }
  std::sort(files.begin(), files.end());
  files.erase(std::unique(files.begin(), files.end()), files.end());
  return files;
}

std::string joined(const std::vector<std::string>& texts, const char* separator) {
  std::string line;
  for (const std::string& text : texts) line += (line.empty() ? "" : separator) + text;
  return line;
}

}  // namespace

std::shared_ptr<const Plugin> PluginRegistry::State::plugin_of(const std::string& task) const {
  const std::lock_guard<std::mutex> lock(mutex);
  std::vector<std::string> names;
  for (const auto& plugin : plugins) {
    if (plugin->find_task(task) != nullptr) return plugin;
    for (const wf_task_info* info : plugin->tasks()) names.push_back(info->name);
  }
  throw Error(WF_UNKNOWN_TASK,
              "unknown task '" + task + "': " +
                  (names.empty() ? "no plugin is loaded; set WF_PLUGIN_PATH to their folder"
                                 : "the loaded plugins offer " + joined(names, ", ")) +
                  (refused.empty() ? "" : "; refused: " + joined(refused, "; ")));
}

void PluginRegistry::State::add(std::shared_ptr<const Plugin> plugin) {
  const std::lock_guard<std::mutex> lock(mutex);
  for (const auto& other : plugins) {
    if (other->library() == plugin->library()) return;
    for (const wf_task_info* info : plugin->tasks()) {
      if (other->find_task(info->name) == nullptr) continue;
      throw Error(WF_PLUGIN_INVALID, "cannot load plugin " + plugin->path() + ": its task '" +
                                         info->name + "' is already offered by " + other->path());
    }
  }
  plugins.push_back(std::move(plugin));
}

PluginRegistry::PluginRegistry() : state_(std::make_shared<State>()) {}
PluginRegistry::~PluginRegistry() = default;

std::shared_ptr<PluginRegistry> PluginRegistry::with_default_plugins() {
  auto registry = std::make_shared<PluginRegistry>();
  for (const std::string& folder : default_folders()) registry->load_folder(folder);
  return registry;
}

std::vector<std::string> PluginRegistry::default_folders() {
  const char* path = std::getenv("WF_PLUGIN_PATH");
  if (path != nullptr && *path != '\0') return split(path, ':');
  const fs::path folder = own_folder();
  return {folder.string(), (folder / "workflow").string()};
}

void PluginRegistry::load(const std::string& path) {
  state_->add(std::make_shared<const Plugin>(path));
}

std::vector<std::string> PluginRegistry::load_folder(const std::string& folder) {
  std::vector<std::string> lines;
  for (const std::string& file : library_files(folder)) {
    if (!exports_symbol(file, WF_PLUGIN_ENTRY_SYMBOL)) continue;
    try {
      load(file);
    } catch (const Error& error) {
      lines.emplace_back(error.what());
    }
  }
  const std::lock_guard<std::mutex> lock(state_->mutex);
  state_->refused.insert(state_->refused.end(), lines.begin(), lines.end());
  return lines;
}

std::vector<std::string> PluginRegistry::refused() const {
  const std::lock_guard<std::mutex> lock(state_->mutex);
  return state_->refused;
}

std::vector<PluginRegistry::PluginDescription> PluginRegistry::plugins() const {
  const std::lock_guard<std::mutex> lock(state_->mutex);
  std::vector<PluginDescription> descriptions;
  for (const auto& plugin : state_->plugins) {
    const wf_plugin& table = plugin->table();
    descriptions.push_back({table.name, table.version, plugin->path(), table.abi_version, {}});
    for (const wf_task_info* info : plugin->tasks()) {
      descriptions.back().tasks.emplace_back(info->name);
    }
  }
  return descriptions;
}

const wf_task_info& PluginRegistry::task_info(const std::string& task) const {
  return *state_->plugin_of(task)->find_task(task);
}

}  // namespace workflow
