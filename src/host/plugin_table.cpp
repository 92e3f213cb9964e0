// The checks that stand between a plugin's table and everything that trusts it.
#include <cstddef>
#include <initializer_list>

#include "host/plugin.hpp"
#include "workflow/error.hpp"

namespace workflow {
namespace {

// Where the structs of release 1.0 end: a plugin of that age has no more.
constexpr std::size_t kPluginSize10 = offsetof(wf_plugin, get_extension) + sizeof(void*);
constexpr std::size_t kTaskSize10 = offsetof(wf_task_info, step_count) + sizeof(std::uint32_t);
constexpr std::size_t kPortSize10 = offsetof(wf_port_info, description) + sizeof(void*);
constexpr std::size_t kParameterSize10 = offsetof(wf_parameter_info, help) + sizeof(void*);

constexpr std::uint32_t kMostTasks = 4096;  // beyond it, a count is not meant
constexpr std::uint32_t kMostEntries = 256;

// Throws on the first thing that does not hold.
class TableCheck {
 public:
  explicit TableCheck(std::string path) : path_(std::move(path)) {}

  void require(bool holds, const std::string& reason) const {
    if (!holds) throw Error(WF_PLUGIN_INVALID, "cannot load plugin " + path_ + ": " + reason);
  }
  void require_size(std::uint32_t found, std::size_t wanted, const std::string& what) const {
    require(found >= wanted, what + " has struct_size " + std::to_string(found) +
                                 ": wanted at least " + std::to_string(wanted));
  }
  void require_texts(std::initializer_list<const char*> texts, const std::string& what) const {
    for (const char* text : texts) require(text != nullptr, what + " has a null text");
  }

  void check_version(const wf_plugin& table) const;
  void check_functions(const wf_plugin& table) const;
  void check_task(const wf_task_info* info, std::uint32_t index) const;

 private:
  void check_ports(const wf_port_info* const* ports, std::uint32_t count,
                   const std::string& what) const;
  void check_parameters(const wf_task_info& info, const std::string& what) const;

  std::string path_;
};

void TableCheck::check_version(const wf_plugin& table) const {
  // struct_size and abi_version stand first in every major version.
  require(table.struct_size >= 8 && (table.abi_version >> 16) == WF_ABI_MAJOR,
          "it speaks plugin ABI " + abi_version_text(table.abi_version) +
              ", this host speaks ABI " + abi_version_text(WF_ABI_VERSION) +
              "; get a build of the plugin for ABI " + std::to_string(WF_ABI_MAJOR));
  require_size(table.struct_size, kPluginSize10, "its wf_plugin");
}

void TableCheck::check_functions(const wf_plugin& table) const {
  require(table.get_task_info && table.create && table.destroy && table.set_parameters &&
              table.get_parameter && table.prepare && table.run && table.get_extension,
          "a function of its wf_plugin is null");
  require_texts({table.name, table.version}, "its wf_plugin");
  require(table.task_count > 0 && table.task_count <= kMostTasks,
          "it says that it has " + std::to_string(table.task_count) + " tasks");
}

void TableCheck::check_ports(const wf_port_info* const* ports, std::uint32_t count,
                             const std::string& what) const {
  require(count <= kMostEntries && (count == 0 || ports != nullptr), what + " are not usable");
  for (std::uint32_t i = 0; i < count; ++i) {
    require(ports[i] != nullptr, what + ": one is null");
    require_size(ports[i]->struct_size, kPortSize10, what);
    require_texts({ports[i]->name, ports[i]->description}, what);
  }
}

void TableCheck::check_parameters(const wf_task_info& info, const std::string& what) const {
  require(info.parameter_count <= kMostEntries && (info.parameter_count == 0 || info.parameters),
          what + " are not usable");
  for (std::uint32_t i = 0; i < info.parameter_count; ++i) {
    const wf_parameter_info* parameter = info.parameters[i];
    require(parameter != nullptr, what + ": one is null");
    require_size(parameter->struct_size, kParameterSize10, what);
    require_texts({parameter->key, parameter->type, parameter->default_value, parameter->allowed,
                   parameter->help},
                  what);
  }
}

void TableCheck::check_task(const wf_task_info* info, std::uint32_t index) const {
  const std::string task = "task " + std::to_string(index);
  require(info != nullptr, task + " has no wf_task_info");
  require_size(info->struct_size, kTaskSize10, task);
  require_texts({info->name, info->description, info->version, info->authors, info->article,
                 info->journal, info->licence, info->keywords},
                task);
  require(*info->name != '\0', task + " has an empty name");
  check_ports(info->inputs, info->input_count, task + "'s inputs");
  check_ports(info->outputs, info->output_count, task + "'s outputs");
  check_parameters(*info, task + "'s parameters");
}

}  // namespace

void check_plugin_table(const wf_plugin& table, const std::string& path) {
  const TableCheck check(path);
  check.check_version(table);
  check.check_functions(table);
  for (std::uint32_t i = 0; i < table.task_count; ++i) check.check_task(table.get_task_info(i), i);
}

}  // namespace workflow
