#include "cli/result_files.hpp"

#include "cli/interrupt.hpp"
#include "files/file_group.hpp"
#include "media/image_file.hpp"

namespace cli {

std::string result_file_name(const workflow::Workflow& workflow, const workflow::Output& output) {
  bool one_task = true;
  for (const workflow::Output& other : workflow) one_task = one_task && other.task == output.task;
  return (one_task ? "" : std::to_string(output.task) + "_") + output.name + ".png";
}

void write_results(const workflow::Workflow& workflow, const std::string& json,
                   const std::string& folder) {
  workflow::files::FileGroup files;
  for (const workflow::Output& output : workflow) {
    if (output.image.empty()) continue;
    const auto bytes = workflow::media::encode_png(output.image.view());
    files.add(folder + "/" + result_file_name(workflow, output), bytes.data(), bytes.size());
    stop_if_interrupted();
  }
  files.add(folder + "/result.json", json + "\n");
  files.commit();
}

}  // namespace cli
