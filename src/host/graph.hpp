// Who takes what from whom. Numbers only: no plugin, no picture.
#ifndef WORKFLOW_HOST_GRAPH_HPP
#define WORKFLOW_HOST_GRAPH_HPP

#include <optional>
#include <string>
#include <vector>

#include "workflow/host.hpp"

namespace workflow {

// Tasks that one run needs, each after those that it takes from, and which of their outputs are
// read or wanted.
struct RunPlan {
  std::vector<int> order;
  std::vector<std::vector<bool>> needed_outputs;  // [task][output]
};

// Directed and free of cycles at all times. Functions throw Error as Workflow says and change
// nothing then.
class Graph {
 public:
  struct Node {
    std::string name;
    int output_count = 0;
    std::vector<bool> required;                   // [input]
    std::vector<std::optional<OutputId>> inputs;  // where each comes from
  };

  // Returns the task's number. Throws WF_TOO_LARGE beyond 1000 tasks.
  int add(const wf_task_info& info);

  // Connects the newest task as Workflow::add_task describes.
  void connect_newest();

  void connect(const Connection& connection);
  void disconnect(int target, int input);
  std::vector<Connection> connections() const;

  int size() const noexcept { return static_cast<int>(nodes_.size()); }
  const Node& node(int task) const;  // throws WF_INDEX_OUT_OF_RANGE
  void check_output(const OutputId& id) const;
  std::string label(int task) const;  // "task 1 (name)"

  // Tasks that no other takes from, in order.
  std::vector<int> final_tasks() const;

  RunPlan plan(const std::vector<OutputId>& wanted) const;

 private:
  Node& mutable_node(int task);
  int connection_count(const OutputId& id) const;
  OutputId least_connected_output(int source) const;
  void refuse_cycle(const Connection& connection) const;
  bool find_path(int from, int to, std::vector<int>& path, std::vector<bool>& seen) const;
  void visit(int task, RunPlan& plan) const;

  std::vector<Node> nodes_;
};

}  // namespace workflow

#endif  // WORKFLOW_HOST_GRAPH_HPP
