#include "video_matting/fingerprint.hpp"

#include <filesystem>
#include <fstream>

#include "files/sha256.hpp"
#include "video/frame_source.hpp"
#include "video/sequence.hpp"

namespace video_matting {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
using workflow::Error;

constexpr std::uintmax_t kEnd = 32u << 20;  // bytes at either end of a file that are looked at

std::string hash_of_file(const std::string& path) {
  std::error_code error;
  const std::uintmax_t size = fs::file_size(path, error);
  if (error) throw Error(WF_READ_FAILED, "cannot read " + path + ": " + error.message());
  if (size <= 2 * kEnd) return workflow::files::sha256_of_file(path);
  std::ifstream file(path, std::ios::binary);
  std::string bytes(kEnd, '\0');
  workflow::files::Sha256 hash;
  for (const std::uintmax_t offset : {std::uintmax_t{0}, size - kEnd}) {
    file.seekg(static_cast<std::streamoff>(offset));
    if (!file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()))) {
      throw Error(WF_READ_FAILED, "cannot read " + path);
    }
    hash.update(bytes.data(), bytes.size());
  }
  return std::to_string(size) + " " + hash.hex();
}

// Of a sequence every name and size, and the first picture.
std::string hash_of_input(const std::string& path) {
  if (path.empty() || path.rfind("http://", 0) == 0 || path.rfind("https://", 0) == 0) return path;
  if (!workflow::video::is_sequence(path)) return hash_of_file(path);
  std::string text;
  const auto pictures = workflow::video::find_pictures(path);
  for (const auto& [number, file] : pictures) {
    text += std::to_string(number) + " " + std::to_string(fs::file_size(file)) + "\n";
  }
  text += hash_of_file(pictures.front().second);
  workflow::files::Sha256 hash;
  hash.update(text.data(), text.size());
  return hash.hex();
}

}  // namespace

Json job_facts(const JobSettings& settings, const workflow::Workflow& workflow,
               const std::vector<PlannedOutput>& outputs, const FrameRepair* repair) {
  Json json = {{"video", hash_of_input(settings.video)},
               {"plate", hash_of_input(settings.plate)},
               {"background", hash_of_input(settings.background)},
               {"background_at_end", static_cast<int>(settings.background_at_end)},
               {"part_frames", settings.part_frames},
               {"frame_limit", settings.frame_limit},
               {"rate", {settings.sequence_rate.numerator, settings.sequence_rate.denominator}},
               {"task", workflow.task_info(0).version},
               {"parameters", workflow.parameters(0)}};
  json["parameters"].erase("threads");  // pixels do not depend on them
  if (repair != nullptr) json["repair"] = repair->description();
  for (const PlannedOutput& output : outputs) {
    const auto& format = output.plan.format;
    json["outputs"].push_back({static_cast<int>(output.result), output.plan.path, format.name,
                               format.pixel_format, format.options, alpha_note(output.plan)});
  }
  return json;
}

std::string fingerprint(const Json& facts) {
  const std::string text = facts.dump(-1, ' ', false, Json::error_handler_t::replace);
  workflow::files::Sha256 hash;
  hash.update(text.data(), text.size());
  return hash.hex();
}

}  // namespace video_matting
