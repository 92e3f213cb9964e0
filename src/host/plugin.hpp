// One loaded plugin library.
#ifndef WORKFLOW_HOST_PLUGIN_HPP
#define WORKFLOW_HOST_PLUGIN_HPP

#include <memory>
#include <string>
#include <vector>

#include "workflow/plugin_abi.h"

namespace workflow {

// The library, open as long as this object lives, and its table, checked once at loading. Immutable
// afterwards: any thread.
class Plugin {
 public:
  // Throws Error WF_PLUGIN_INVALID; the library is closed again then.
  explicit Plugin(const std::string& path);

  const std::string& path() const noexcept { return path_; }
  // The loader's handle: equal for two paths to one file.
  const void* library() const noexcept { return library_.get(); }
  const wf_plugin& table() const noexcept { return *table_; }
  std::vector<const wf_task_info*> tasks() const;
  // Null if the plugin does not offer the task.
  const wf_task_info* find_task(const std::string& name) const;

  // The extension's table, or null where the plugin has none or one that ends before Extension
  // does.
  template <typename Extension>
  const Extension* extension(const char* id) const {
    const auto* found = static_cast<const Extension*>(table_->get_extension(id));
    return found != nullptr && found->struct_size >= sizeof(Extension) ? found : nullptr;
  }

 private:
  std::string path_;
  std::shared_ptr<void> library_;
  const wf_plugin* table_ = nullptr;
};

// Throws Error WF_PLUGIN_INVALID unless the table is one that this host can call; path is for the
// text only. Reads no field that lies beyond the table's struct_size.
void check_plugin_table(const wf_plugin& table, const std::string& path);

// "1.1" for WF_ABI_VERSION numbers.
std::string abi_version_text(std::uint32_t abi_version);

}  // namespace workflow

#endif  // WORKFLOW_HOST_PLUGIN_HPP
