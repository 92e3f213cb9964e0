// The log with a JSON line about each frame.
#ifndef VIDEO_MATTING_FRAME_LOG_HPP
#define VIDEO_MATTING_FRAME_LOG_HPP

#include <cstdint>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "video_matting/frame_ring.hpp"

namespace video_matting {

// Lines appear as the frames are matted, so that the file can be watched. An empty path: no log.
class FrameLog {
 public:
  // Keeps the first kept_lines lines of a log that is there (those of frames that a resumed job
  // has) and goes on behind them. Throws workflow::Error WF_WRITE_FAILED.
  FrameLog(const std::string& path, std::int64_t kept_lines);

  void write(const nlohmann::ordered_json& record);

 private:
  std::string path_;
  std::ofstream file_;
};

// How a frame's line begins.
nlohmann::ordered_json log_line(const FrameSlot& frame);

}  // namespace video_matting

#endif  // VIDEO_MATTING_FRAME_LOG_HPP
