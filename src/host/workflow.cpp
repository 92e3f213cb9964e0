#include <ostream>

#include "files/atomic_file.hpp"
#include "files/read_file.hpp"
#include "host/output.hpp"
#include "host/workflow_file.hpp"
#include "host/workflow_state.hpp"
#include "workflow/host.hpp"

namespace workflow {
namespace {

constexpr std::uint64_t kMostFileBytes = 16 << 20;

}  // namespace

Workflow::Workflow() : Workflow(PluginRegistry::with_default_plugins()) {}
Workflow::Workflow(std::shared_ptr<PluginRegistry> registry)
    : state_(std::make_unique<State>(std::move(registry))) {}
Workflow::~Workflow() = default;
Workflow::Workflow(Workflow&&) noexcept = default;
Workflow& Workflow::operator=(Workflow&&) noexcept = default;

int Workflow::add_task(const std::string& name, bool auto_connect) {
  state_->append(name, state_->graph, state_->tasks);
  if (auto_connect) state_->graph.connect_newest();
  state_->forget_results();
  return task_count() - 1;
}

int Workflow::task_count() const noexcept {
  return state_->graph.size();
}

const wf_task_info& Workflow::task_info(int task) const {
  return state_->instance(task).info();
}

void Workflow::set_parameters(int task, const ParameterMap& parameters) {
  state_->instance(task).set_parameters(parameters);
}

ParameterMap Workflow::parameters(int task) const {
  return state_->instance(task).parameters();
}

void Workflow::connect(int source, int output, int target, int input) {
  connect(Connection{source, output, target, input});
}

void Workflow::connect(const Connection& connection) {
  state_->graph.connect(connection);
  state_->forget_results();
}

void Workflow::disconnect(int target, int input) {
  state_->graph.disconnect(target, input);
  state_->forget_results();
}

std::vector<Connection> Workflow::connections() const {
  return state_->graph.connections();
}

void Workflow::cancel() noexcept {
  state_->control.cancel();
}

void Workflow::set_progress(std::function<void(const Progress&)> progress) {
  state_->control.set_progress(std::move(progress));
}

void Workflow::set_log(std::function<void(std::uint32_t, const std::string&)> log) {
  state_->control.set_log(std::move(log));
}

const std::vector<Output>& Workflow::outputs() const noexcept {
  return state_->outputs;
}
std::vector<Output>::const_iterator Workflow::begin() const noexcept {
  return state_->outputs.begin();
}
std::vector<Output>::const_iterator Workflow::end() const noexcept {
  return state_->outputs.end();
}

const Image& Workflow::get_output(std::size_t index) const {
  if (index < outputs().size()) return outputs()[index].image;
  throw Error(WF_INDEX_OUT_OF_RANGE, "output " + std::to_string(index) + " does not exist: the " +
                                         "workflow has " + std::to_string(outputs().size()));
}

const Image& Workflow::get_task_output(int task, int output) const {
  static const Image nothing;
  state_->graph.node(task);  // kRoot is no task
  state_->graph.check_output({task, output});
  return state_->results.empty() ? nothing : state_->results[task][output];
}

std::string Workflow::result_json(int task) const {
  return state_->instance(task).result_json();
}

std::string Workflow::to_json(const JsonOptions& options) const {
  nlohmann::ordered_json document = {{"tasks", nlohmann::ordered_json::array()},
                                     {"outputs", nlohmann::ordered_json::array()}};
  for (int task = 0; task < task_count(); ++task) {
    const auto result = nlohmann::ordered_json::parse(result_json(task), nullptr, false);
    if (result.is_discarded()) {
      throw Error(WF_INTERNAL, state_->graph.label(task) + ": the plugin's result is not JSON");
    }
    document["tasks"].push_back(
        {{"task_id", task}, {"name", task_info(task).name}, {"result", result}});
  }
  for (const Output& output : outputs())
    document["outputs"].push_back(output_json(output, options));
  return json_text(document, options);
}

std::uint64_t Workflow::memory_estimate(int task, std::uint32_t width, std::uint32_t height) const {
  return state_->instance(task).memory_estimate(width, height);
}

void Workflow::save(const std::string& path) const {
  WorkflowDescription description;
  for (int task = 0; task < task_count(); ++task) {
    description.tasks.push_back({task_info(task).name, parameters(task), ""});
  }
  description.connections = connections();
  files::write_file(path, workflow_text(description));
}

void Workflow::load(const std::string& path) {
  const auto bytes = files::read_file(path, kMostFileBytes);
  Graph graph;
  State::Tasks tasks;
  at_place("cannot load workflow " + path, [&] {
    const auto description = parse_workflow(std::string(bytes.begin(), bytes.end()));
    for (const auto& task : description.tasks) {
      at_place(task.place, [&] {
        state_->append(task.name, graph, tasks);
        tasks.back()->instance().set_parameters(task.parameters);
      });
    }
    for (std::size_t i = 0; i < description.connections.size(); ++i) {
      at_place(description.connection_places[i],
               [&] { graph.connect(description.connections[i]); });
    }
  });
  state_->graph = std::move(graph);
  state_->tasks = std::move(tasks);
  state_->wanted.clear();
  state_->reusable.clear();
  state_->forget_results();
}

std::ostream& operator<<(std::ostream& stream, const Workflow& workflow) {
  for (const Output& output : workflow) stream << output;
  return stream;
}

}  // namespace workflow
