#include "host/workflow_state.hpp"

namespace workflow {

void Workflow::State::append(const std::string& name, Graph& to_graph, Tasks& to_tasks) {
  auto plugin = registry->state_->plugin_of(name);
  auto node = std::make_unique<TaskNode>(to_graph.size(), std::move(plugin), name, control);
  to_tasks.reserve(to_tasks.size() + 1);
  to_graph.add(node->instance().info());
  to_tasks.push_back(std::move(node));
}

Instance& Workflow::State::instance(int task) const {
  graph.node(task);
  return tasks[task]->instance();
}

std::vector<OutputId> Workflow::State::final_outputs() const {
  std::vector<OutputId> ids;
  for (int task : graph.final_tasks()) {
    for (int i = 0; i < graph.node(task).output_count; ++i) ids.push_back({task, i});
  }
  return ids;
}

void Workflow::State::forget_results() {
  results.clear();
  make_outputs();
}

void Workflow::State::make_outputs() {
  outputs.clear();
  for (const OutputId& id : final_outputs()) {
    const wf_task_info& info = tasks[id.task]->instance().info();
    const wf_port_info& port = *info.outputs[id.output];
    const Image image = results.empty() ? Image() : results[id.task][id.output];
    outputs.push_back({id.task, id.output, info.name, port.name, port.description, image});
  }
}

}  // namespace workflow
