#include "cli/result_files.hpp"

#include <cstdint>
#include <functional>
#include <future>
#include <string>
#include <utility>
#include <vector>

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
  // At once: compressing four pictures takes as long as a frame.
  std::vector<std::pair<std::string, std::future<std::vector<std::uint8_t>>>> encoded;
  for (const workflow::Output& output : workflow) {
    if (output.image.empty()) continue;
    encoded.emplace_back(folder + "/" + result_file_name(workflow, output),
                         std::async(std::launch::async, workflow::media::encode_png,
                                    std::cref(output.image.view())));
  }
  workflow::files::FileGroup files;
  for (auto& [path, bytes] : encoded) {
    const auto file = bytes.get();
    files.add(path, file.data(), file.size());
    stop_if_interrupted();
  }
  files.add(folder + "/result.json", json + "\n");
  files.commit();
}

}  // namespace cli
