// What a run leaves in the output folder.
#ifndef CLI_RESULT_FILES_HPP
#define CLI_RESULT_FILES_HPP

#include <string>

#include "workflow/host.hpp"

namespace cli {

// Writes every output as PNG and json as result.json into folder, all or none. Files are named
// after the outputs (alpha.png); where several tasks have outputs, after the task too
// (0_alpha.png).
void write_results(const workflow::Workflow& workflow, const std::string& json,
                   const std::string& folder);

// Name of the file that write_results gives an output.
std::string result_file_name(const workflow::Workflow& workflow, const workflow::Output& output);

}  // namespace cli

#endif  // CLI_RESULT_FILES_HPP
