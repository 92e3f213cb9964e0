#include "host/graph.hpp"

#include <algorithm>

namespace workflow {
namespace {

// Walks over the graph recurse once per task: far below what a stack holds.
constexpr int kMostTasks = 1000;
constexpr int kMostInputImages = 256;

void check_index(int index, int count, const std::string& what) {
  if (index >= 0 && index < count) return;
  throw Error(WF_INDEX_OUT_OF_RANGE,
              what + " " + std::to_string(index) + " does not exist: " +
                  (count == 0 ? "there is none" : "wanted 0 to " + std::to_string(count - 1)));
}

}  // namespace

int Graph::add(const wf_task_info& info) {
  if (size() >= kMostTasks) {
    throw Error(WF_TOO_LARGE, "a workflow has at most " + std::to_string(kMostTasks) + " tasks");
  }
  Node node;
  node.name = info.name;
  node.output_count = static_cast<int>(info.output_count);
  node.inputs.resize(info.input_count);
  for (std::uint32_t i = 0; i < info.input_count; ++i) {
    node.required.push_back(info.inputs[i]->required != 0);
  }
  nodes_.push_back(std::move(node));
  return size() - 1;
}

void Graph::connect_newest() {
  const int task = size() - 1;
  Node& node = nodes_.back();
  for (std::size_t i = 0; i < node.inputs.size(); ++i) {
    if (task == 0) {
      node.inputs[i] = OutputId{kRoot, static_cast<int>(i)};
    } else if (node.required[i] && nodes_[task - 1].output_count > 0) {
      node.inputs[i] = least_connected_output(task - 1);
    }
  }
}

int Graph::connection_count(const OutputId& id) const {
  int count = 0;
  for (const Connection& connection : connections()) {
    count += connection.source == id.task && connection.output == id.output;
  }
  return count;
}

OutputId Graph::least_connected_output(int source) const {
  OutputId best = {source, 0};
  for (int output = 1; output < nodes_[source].output_count; ++output) {
    if (connection_count({source, output}) < connection_count(best)) best.output = output;
  }
  return best;
}

void Graph::connect(const Connection& connection) {
  Node& target = mutable_node(connection.target);
  check_index(connection.input, static_cast<int>(target.inputs.size()),
              label(connection.target) + ": input");
  check_output({connection.source, connection.output});
  refuse_cycle(connection);
  target.inputs[connection.input] = OutputId{connection.source, connection.output};
}

void Graph::disconnect(int target, int input) {
  Node& changed = mutable_node(target);
  check_index(input, static_cast<int>(changed.inputs.size()), label(target) + ": input");
  changed.inputs[input].reset();
}

std::vector<Connection> Graph::connections() const {
  std::vector<Connection> list;
  for (int task = 0; task < size(); ++task) {
    const auto& inputs = nodes_[task].inputs;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      if (inputs[i])
        list.push_back({inputs[i]->task, inputs[i]->output, task, static_cast<int>(i)});
    }
  }
  return list;
}

const Graph::Node& Graph::node(int task) const {
  check_index(task, size(), "task");
  return nodes_[task];
}
Graph::Node& Graph::mutable_node(int task) {
  check_index(task, size(), "task");
  return nodes_[task];
}

void Graph::check_output(const OutputId& id) const {
  if (id.task == kRoot) return check_index(id.output, kMostInputImages, "input image");
  const int count = node(id.task).output_count;
  check_index(id.output, count, label(id.task) + ": output");
}

std::string Graph::label(int task) const {
  return "task " + std::to_string(task) + " (" + nodes_[task].name + ")";
}

bool Graph::find_path(int from, int to, std::vector<int>& path, std::vector<bool>& seen) const {
  if (from == kRoot || seen[from]) return false;
  seen[from] = true;
  path.push_back(from);
  if (from == to) return true;
  for (const auto& input : nodes_[from].inputs) {
    if (input && find_path(input->task, to, path, seen)) return true;
  }
  path.pop_back();
  return false;
}

void Graph::refuse_cycle(const Connection& connection) const {
  std::vector<int> path;  // from the source back to the target, if the one takes from the other
  std::vector<bool> seen(nodes_.size());
  if (!find_path(connection.source, connection.target, path, seen)) return;
  std::string cycle = label(connection.source);
  for (auto task = path.rbegin(); task != path.rend(); ++task) cycle += " -> " + label(*task);
  throw Error(WF_WORKFLOW_INVALID, "this connection would close a cycle: " + cycle +
                                       "; a task cannot wait for its own result");
}

std::vector<int> Graph::final_tasks() const {
  std::vector<bool> is_final(nodes_.size(), true);
  for (const Connection& connection : connections()) {
    if (connection.source != kRoot) is_final[connection.source] = false;
  }
  std::vector<int> tasks;
  for (int task = 0; task < size(); ++task) {
    if (is_final[task]) tasks.push_back(task);
  }
  return tasks;
}

// Depth first: a task comes behind all that it takes from.
void Graph::visit(int task, RunPlan& plan) const {
  if (std::find(plan.order.begin(), plan.order.end(), task) != plan.order.end()) return;
  for (const auto& input : nodes_[task].inputs) {
    if (!input || input->task == kRoot) continue;
    plan.needed_outputs[input->task][input->output] = true;
    visit(input->task, plan);
  }
  plan.order.push_back(task);
}

RunPlan Graph::plan(const std::vector<OutputId>& wanted) const {
  RunPlan plan;
  for (const Node& node : nodes_) {
    plan.needed_outputs.emplace_back(static_cast<std::size_t>(node.output_count));
  }
  for (const OutputId& id : wanted) {
    plan.needed_outputs[id.task][id.output] = true;
    visit(id.task, plan);
  }
  return plan;
}

}  // namespace workflow
