// A task in a workflow: its instance, and the way back from its plugin to the workflow.
#ifndef WORKFLOW_HOST_TASK_NODE_HPP
#define WORKFLOW_HOST_TASK_NODE_HPP

#include <vector>

#include "host/run_control.hpp"

namespace workflow {

class TaskNode : public InstanceListener {
 public:
  // control must outlive this object.
  TaskNode(int number, std::shared_ptr<const Plugin> plugin, const std::string& task,
           RunControl& control)
      : number_(number), control_(control), instance_(std::move(plugin), task, *this) {}

  Instance& instance() noexcept { return instance_; }
  const Instance& instance() const noexcept { return instance_; }

  // Runs it on inputs (null: not given). Returns as many images as the task has outputs: where
  // needed_outputs says so that of reusable if it fits, else a newly allocated one; empty where it
  // is not needed. reusable: an image, possibly empty, for each output. Throws Error.
  std::vector<Image> run(const std::vector<const wf_image*>& inputs,
                         const std::vector<bool>& needed_outputs, std::vector<Image> reusable);

  void on_progress(std::uint32_t step, std::uint32_t step_count,
                   const char* stage) noexcept override {
    control_.report(number_, step, step_count, stage);
  }
  void on_log(std::uint32_t level, const char* text) noexcept override {
    control_.log(level, text);
  }

 private:
  std::vector<Image> allocate_outputs(const std::vector<const wf_image*>& inputs,
                                      const std::vector<bool>& needed_outputs,
                                      std::vector<Image> reusable);

  int number_;
  RunControl& control_;
  Instance instance_;
};

}  // namespace workflow

#endif  // WORKFLOW_HOST_TASK_NODE_HPP
