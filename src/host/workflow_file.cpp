#include "host/workflow_file.hpp"

#include "host/json_field.hpp"
#include "host/plugin.hpp"

namespace workflow {
namespace {

using TaskNumbers = std::map<int, int>;  // id in the file -> position in tasks

ParameterMap parse_parameters(const JsonField& task_data) {
  ParameterMap parameters;
  for (const JsonField& item : task_data.items("parameters")) {
    const std::string name = item.member("name").text();
    if (!parameters.emplace(name, item.member("value").text()).second) {
      throw Error(WF_WORKFLOW_INVALID, item.place() + ": '" + name + "' is there twice");
    }
  }
  return parameters;
}

TaskNumbers parse_tasks(const JsonField& root, WorkflowDescription& description) {
  TaskNumbers numbers;
  for (const JsonField& item : root.member("tasks").items()) {
    const int id = item.member("task_id").integer();
    if (id == kRoot || !numbers.emplace(id, static_cast<int>(description.tasks.size())).second) {
      throw Error(WF_WORKFLOW_INVALID, item.place() + ".task_id: " + std::to_string(id) +
                                           (id == kRoot ? " stands for the input images"
                                                        : " is the id of an earlier task"));
    }
    const JsonField task_data = item.member("task_data");
    description.tasks.push_back(
        {task_data.member("name").text(), parse_parameters(task_data), item.place()});
  }
  return numbers;
}

int task_number(const JsonField& field, const TaskNumbers& numbers) {
  const int id = field.integer();
  const auto found = numbers.find(id);
  if (found != numbers.end()) return found->second;
  throw Error(WF_INDEX_OUT_OF_RANGE, field.place() + ": no task has the id " + std::to_string(id));
}

Connection parse_connection(const JsonField& item, const TaskNumbers& numbers) {
  const JsonField source = item.member("source_id");
  Connection connection;
  connection.source = source.integer() == kRoot ? kRoot : task_number(source, numbers);
  connection.output = item.member("source_index").integer();
  connection.target = task_number(item.member("target_id"), numbers);
  connection.input = item.member("target_index").integer();
  return connection;
}

nlohmann::ordered_json to_json(const Connection& connection) {
  return {{"source_id", connection.source},
          {"source_index", connection.output},
          {"target_id", connection.target},
          {"target_index", connection.input}};
}

nlohmann::ordered_json to_json(const WorkflowDescription::Task& task, int id) {
  auto parameters = nlohmann::ordered_json::array();
  for (const auto& [name, value] : task.parameters) {
    parameters.push_back({{"name", name}, {"value", value}});
  }
  return {{"task_id", id}, {"task_data", {{"name", task.name}, {"parameters", parameters}}}};
}

}  // namespace

WorkflowDescription parse_workflow(const std::string& text) {
  const nlohmann::json document = parse_json(text);
  const JsonField root(document, "");
  root.member("api").text();
  WorkflowDescription description;
  const TaskNumbers numbers = parse_tasks(root, description);
  for (const JsonField& item : root.items("connections")) {
    description.connections.push_back(parse_connection(item, numbers));
    description.connection_places.push_back(item.place());
  }
  return description;
}

std::string workflow_text(const WorkflowDescription& description) {
  nlohmann::ordered_json document = {{"api", abi_version_text(WF_ABI_VERSION)},
                                     {"connections", nlohmann::ordered_json::array()},
                                     {"tasks", nlohmann::ordered_json::array()}};
  for (const Connection& connection : description.connections) {
    document["connections"].push_back(to_json(connection));
  }
  for (std::size_t i = 0; i < description.tasks.size(); ++i) {
    document["tasks"].push_back(to_json(description.tasks[i], static_cast<int>(i)));
  }
  return document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace workflow
