// The text of a saved workflow. docs/WORKFLOW_FILE.md describes it.
#ifndef WORKFLOW_HOST_WORKFLOW_FILE_HPP
#define WORKFLOW_HOST_WORKFLOW_FILE_HPP

#include <string>
#include <vector>

#include "workflow/host.hpp"

namespace workflow {

// What a file holds. Task numbers are positions in tasks, whatever ids the file has.
struct WorkflowDescription {
  struct Task {
    std::string name;
    ParameterMap parameters;
    std::string place;  // in the file, "tasks[1]"
  };
  std::vector<Task> tasks;
  std::vector<Connection> connections;
  std::vector<std::string> connection_places;  // one for each connection
};

// Throws Error WF_WORKFLOW_INVALID: syntax, a missing or wrong field, two tasks with one id;
// WF_INDEX_OUT_OF_RANGE: a connection of a task id that no task has.
WorkflowDescription parse_workflow(const std::string& text);

std::string workflow_text(const WorkflowDescription& description);

}  // namespace workflow

#endif  // WORKFLOW_HOST_WORKFLOW_FILE_HPP
