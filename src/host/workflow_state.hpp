// What a Workflow is made of.
#ifndef WORKFLOW_HOST_WORKFLOW_STATE_HPP
#define WORKFLOW_HOST_WORKFLOW_STATE_HPP

#include "host/graph.hpp"
#include "host/plugin_registry.hpp"
#include "host/task_node.hpp"

namespace workflow {

struct Workflow::State {
  explicit State(std::shared_ptr<PluginRegistry> plugin_registry)
      : registry(std::move(plugin_registry)) {
    if (registry == nullptr) throw Error(WF_INVALID_ARGUMENT, "a Workflow needs a PluginRegistry");
  }

  using Tasks = std::vector<std::unique_ptr<TaskNode>>;
  using Results = std::vector<std::vector<Image>>;  // [task][output]

  // Makes the task and puts it at the end of both. Throws Error WF_UNKNOWN_TASK.
  void append(const std::string& name, Graph& to_graph, Tasks& to_tasks);
  Instance& instance(int task) const;  // throws Error WF_INDEX_OUT_OF_RANGE
  std::vector<OutputId> final_outputs() const;
  void forget_results();
  void make_outputs();  // out of the results; empty images where there are none

  const Image* find_input(const OutputId& source, const Results& computed) const;
  void check_inputs(int task) const;  // throws Error WF_MISSING_INPUT
  void run_task(int task, const RunPlan& plan, Results& computed);
  std::vector<Image> take_reusable(int task);  // by output; empty where there is none

  std::shared_ptr<PluginRegistry> registry;
  RunControl control;  // before tasks: they refer to it
  std::vector<Image> inputs;
  Graph graph;
  Tasks tasks;
  std::vector<OutputId> wanted;
  std::vector<std::pair<OutputId, Image>> reusable;  // of the next run
  Results results;
  std::vector<Output> outputs;
};

// Runs action; an Error gets the place in front of its text.
template <typename Action>
void at_place(const std::string& place, Action action) {
  try {
    action();
  } catch (const Error& error) {
    throw Error(error.code(), place + ": " + error.what());
  }
}

}  // namespace workflow

#endif  // WORKFLOW_HOST_WORKFLOW_STATE_HPP
