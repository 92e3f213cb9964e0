// One configured task of a plugin: the ABI's calls with ownership and exceptions.
#ifndef WORKFLOW_HOST_INSTANCE_HPP
#define WORKFLOW_HOST_INSTANCE_HPP

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "host/host_interface.hpp"
#include "host/plugin.hpp"
#include "workflow/host.hpp"

namespace workflow {

// Keeps its plugin loaded. One thread at a time, except cancel(). Every function throws Error with
// the plugin's code and text, the task's name in front.
class Instance {
 public:
  // listener must outlive this object.
  Instance(std::shared_ptr<const Plugin> plugin, const std::string& task,
           InstanceListener& listener);
  ~Instance();
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;

  const wf_task_info& info() const noexcept { return *info_; }

  void set_parameters(const ParameterMap& parameters);
  ParameterMap parameters() const;

  // Pictures as in the ABI: null for what is not given or not wanted.
  void prepare(const std::vector<const wf_image*>& inputs, const std::vector<wf_image*>& outputs);
  void run(const std::vector<const wf_image*>& inputs, const std::vector<wf_image*>& outputs);

  // Any thread; nothing where the plugin cannot be cancelled.
  void cancel() noexcept;

  std::string result_json() const;                                                 // "{}" without
  std::uint64_t memory_estimate(std::uint32_t width, std::uint32_t height) const;  // 0 without

 private:
  std::string parameter(const char* key) const;

  std::shared_ptr<const Plugin> plugin_;
  const wf_task_info* info_;
  wf_host host_;
  wf_instance* instance_ = nullptr;
};

}  // namespace workflow

#endif  // WORKFLOW_HOST_INSTANCE_HPP
