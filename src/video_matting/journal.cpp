#include "video_matting/journal.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "files/atomic_file.hpp"
#include "video/part.hpp"
#include "workflow/error.hpp"

namespace video_matting {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
using workflow::Error;
using workflow::files::FolderLock;

constexpr const char* kName = "/journal.jsonl";
constexpr const char* kPurpose = "makes the parts of a video";

[[noreturn]] void fail(const std::string& path) {
  throw Error(WF_WRITE_FAILED, "cannot write " + path + ": " + std::strerror(errno));
}

// Appends and waits for the disk: after a crash a line is there or not.
void append_line(const std::string& path, const std::string& line) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
  if (descriptor < 0) fail(path);
  const std::string text = line + "\n";
  const bool written =
      ::write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
      ::fsync(descriptor) == 0;
  const int error = errno;
  ::close(descriptor);
  errno = error;
  if (!written) fail(path);
}

// A lock alone is what a process leaves that was killed at once.
bool holds_something_else(const std::string& folder) {
  if (!fs::exists(folder) || fs::exists(folder + kName)) return false;
  const fs::directory_iterator entries(folder);
  return std::any_of(begin(entries), end(entries), [](const fs::directory_entry& entry) {
    return entry.path().filename() != FolderLock::kName;
  });
}

bool is_whole(const Journal::Part& part, const std::string& folder, std::int64_t number,
              const std::vector<PlannedOutput>& outputs) {
  if (part.hashes.size() != outputs.size()) return false;
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    try {
      if (workflow::video::hash_of_part(outputs[i].plan, Journal::part_path(folder, i, number)) !=
          part.hashes[i]) {
        return false;
      }
    } catch (const Error&) {
      return false;  // it is made again
    }
  }
  return true;
}

// What a line says; nothing for one that record did not write.
std::optional<std::string> job_of(const std::string& line) try {
  return Json::parse(line).at("job").get<std::string>();
} catch (const Json::exception&) {
  return std::nullopt;
}

std::optional<Journal::Part> part_of(const std::string& line) try {
  const Json json = Json::parse(line);
  return Journal::Part{json.at("frames").get<std::int64_t>(),
                       json.at("hashes").get<std::vector<std::string>>()};
} catch (const Json::exception&) {
  return std::nullopt;
}

}  // namespace

Journal::Journal(const std::string& folder, const std::string& fingerprint,
                 const std::vector<PlannedOutput>& outputs, bool resume)
    : folder_(folder), output_count_(outputs.size()) {
  if (resume)
    read(fingerprint, outputs);
  else
    begin(fingerprint);
}

void Journal::begin(const std::string& fingerprint) {
  if (holds_something_else(folder_)) {
    throw Error(WF_INVALID_ARGUMENT, folder_ +
                                         " is in the way: the parts of the work go there, and "
                                         "it holds something else; move it");
  }
  workflow::files::make_writable_folder(folder_);
  lock_.emplace(folder_, kPurpose);
  remove_other_files();
  workflow::files::write_file(folder_ + kName, Json({{"job", fingerprint}}).dump() + "\n");
}

std::vector<Journal::Part> Journal::find_parts(const std::string& folder,
                                               const std::string& fingerprint,
                                               const std::vector<PlannedOutput>& outputs) {
  std::ifstream file(folder + kName);
  if (!file) {
    throw Error(WF_INVALID_ARGUMENT, "there is nothing to resume: " + folder + kName +
                                         " is missing; run without resuming");
  }
  std::string line;
  std::getline(file, line);
  if (job_of(line) != fingerprint) {
    throw Error(WF_INVALID_ARGUMENT,
                folder +
                    " belongs to a job with other files, parameters or outputs; give the same "
                    "ones, or run without resuming to begin anew");
  }
  std::vector<Part> found;
  while (std::getline(file, line)) {
    auto part = part_of(line);
    if (!part || !is_whole(*part, folder, static_cast<std::int64_t>(found.size()), outputs)) break;
    found.push_back(std::move(*part));
  }
  return found;
}

void Journal::read(const std::string& fingerprint, const std::vector<PlannedOutput>& outputs) {
  if (fs::exists(folder_)) lock_.emplace(folder_, kPurpose);
  parts_ = find_parts(folder_, fingerprint, outputs);
  // The journal again without a torn line or lines about parts that are not what they were.
  std::string text = Json({{"job", fingerprint}}).dump() + "\n";
  for (const Part& part : parts_) {
    text += Json({{"frames", part.frames}, {"hashes", part.hashes}}).dump() + "\n";
  }
  workflow::files::write_file(folder_ + kName, text);
  remove_other_files();
}

// What a killed run left half done.
void Journal::remove_other_files() const {
  std::set<std::string> known = {folder_ + kName, folder_ + "/" + FolderLock::kName};
  for (std::size_t i = 0; i < output_count_; ++i) {
    for (const std::string& path : paths(i, static_cast<std::int64_t>(parts_.size()))) {
      known.insert(path);
    }
  }
  std::vector<fs::path> others;
  for (const auto& entry : fs::directory_iterator(folder_)) {
    if (known.count(entry.path().string()) == 0) others.push_back(entry.path());
  }
  for (const fs::path& path : others) fs::remove_all(path);
}

std::int64_t Journal::frames() const {
  std::int64_t sum = 0;
  for (const Part& part : parts_) sum += part.frames;
  return sum;
}

std::string Journal::part_path(const std::string& folder, std::size_t output, std::int64_t part) {
  char number[24];
  std::snprintf(number, sizeof number, "%08lld", static_cast<long long>(part));
  return folder + "/" + std::to_string(output) + "_" + number + ".part";
}

std::vector<std::string> Journal::paths(std::size_t output, std::int64_t count) const {
  std::vector<std::string> list;
  for (std::int64_t part = 0; part < count; ++part) list.push_back(part_path(output, part));
  return list;
}

void Journal::record(std::size_t output, std::int64_t number, std::int64_t frames,
                     const std::string& hash) {
  const std::lock_guard<std::mutex> lock(mutex_);
  Part& part = pending_[number];
  part.frames = frames;
  part.hashes.resize(output_count_);
  part.hashes[output] = hash;
  // Outputs may be a part apart; lines stand in order all the same.
  for (auto first = pending_.begin(); first != pending_.end(); first = pending_.erase(first)) {
    for (const std::string& known : first->second.hashes) {
      if (known.empty()) return;
    }
    if (first->first != static_cast<std::int64_t>(parts_.size())) return;
    append(first->second);
  }
}

void Journal::append(const Part& part) {
  append_line(folder_ + kName, Json({{"frames", part.frames}, {"hashes", part.hashes}}).dump());
  parts_.push_back(part);
}

void Journal::remove() {
  std::error_code taken;  // by the next job, as soon as the lock is gone
  fs::remove_all(folder_, taken);
}

}  // namespace video_matting
