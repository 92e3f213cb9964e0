#include "video_matting/frame_log.hpp"

#include "files/atomic_file.hpp"
#include "workflow/error.hpp"

namespace video_matting {

FrameLog::FrameLog(const std::string& path, std::int64_t kept_lines) : path_(path) {
  if (path.empty()) return;
  std::ifstream old(path);
  workflow::files::AtomicFile kept(path);
  std::string line;
  for (std::int64_t i = 0; i < kept_lines && std::getline(old, line); ++i) {
    line += "\n";
    kept.write(line.data(), line.size());
  }
  kept.commit();
  file_.open(path, std::ios::app);
}

void FrameLog::write(const nlohmann::ordered_json& record) {
  if (path_.empty()) return;
  const auto replace = nlohmann::ordered_json::error_handler_t::replace;
  file_ << record.dump(-1, ' ', false, replace) << std::endl;
  if (!file_) throw workflow::Error(WF_WRITE_FAILED, "cannot write the log " + path_);
}

nlohmann::ordered_json log_line(const FrameSlot& frame) {
  return {{"frame", frame.number}, {"timestamp", frame.source.timestamp}};
}

}  // namespace video_matting
