// What the host shows to plugins: its wf_host, and where their calls arrive.
#ifndef WORKFLOW_HOST_HOST_INTERFACE_HPP
#define WORKFLOW_HOST_HOST_INTERFACE_HPP

#include <cstdint>

#include "workflow/plugin_abi.h"

namespace workflow {

// Hears what one instance says. May throw nothing: a plugin is on the stack above.
class InstanceListener {
 public:
  virtual ~InstanceListener() = default;
  // On the thread that called run.
  virtual void on_progress(std::uint32_t step, std::uint32_t step_count,
                           const char* stage) noexcept = 0;
  // Any thread.
  virtual void on_log(std::uint32_t level, const char* text) noexcept = 0;
};

// A wf_host whose calls arrive at listener; both must outlive every instance made with it.
wf_host make_host(InstanceListener& listener);

// A wf_host for questions before there is an instance; nobody hears what is said to it.
const wf_host& anonymous_host();

}  // namespace workflow

#endif  // WORKFLOW_HOST_HOST_INTERFACE_HPP
