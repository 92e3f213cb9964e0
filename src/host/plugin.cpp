#include "host/plugin.hpp"

#include <dlfcn.h>

#include "host/host_interface.hpp"
#include "workflow/error.hpp"

namespace workflow {
namespace {

[[noreturn]] void refuse(const std::string& path, const std::string& reason) {
  throw Error(WF_PLUGIN_INVALID, "cannot load plugin " + path + ": " + reason);
}

std::string loader_text() {
  const char* text = ::dlerror();
  return text != nullptr ? text : "the loader gave no reason";
}

std::shared_ptr<void> open_library(const std::string& path) {
  // A name without a slash would be looked for in the system's folders.
  const std::string file = path.find('/') == std::string::npos ? "./" + path : path;
  void* handle = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) refuse(path, loader_text());
  return {handle, [](void* library) { ::dlclose(library); }};
}

// The table of the plugin. An exception is C++ on both sides by chance: it is not let through.
const wf_plugin* call_entry(wf_plugin_entry_function entry, const std::string& path) {
  try {
    return entry(&anonymous_host());
  } catch (...) {
    refuse(path, "its entry threw an exception, which the ABI forbids");
  }
}

}  // namespace

Plugin::Plugin(const std::string& path) : path_(path), library_(open_library(path)) {
  const auto entry =
      reinterpret_cast<wf_plugin_entry_function>(::dlsym(library_.get(), WF_PLUGIN_ENTRY_SYMBOL));
  if (entry == nullptr) {
    refuse(path, "it is a library, but no plugin: it does not export " WF_PLUGIN_ENTRY_SYMBOL);
  }
  table_ = call_entry(entry, path);
  if (table_ == nullptr) {
    refuse(path, "it does not serve hosts of plugin ABI " + abi_version_text(WF_ABI_VERSION) +
                     " (its entry returned NULL); get a build of it for ABI " +
                     std::to_string(WF_ABI_MAJOR));
  }
  check_plugin_table(*table_, path);
}

std::vector<const wf_task_info*> Plugin::tasks() const {
  std::vector<const wf_task_info*> infos;
  for (std::uint32_t i = 0; i < table_->task_count; ++i) infos.push_back(table_->get_task_info(i));
  return infos;
}

const wf_task_info* Plugin::find_task(const std::string& name) const {
  for (const wf_task_info* info : tasks()) {
    if (name == info->name) return info;
  }
  return nullptr;
}

std::string abi_version_text(std::uint32_t abi_version) {
  return std::to_string(abi_version >> 16) + "." + std::to_string(abi_version & 0xffff);
}

}  // namespace workflow
