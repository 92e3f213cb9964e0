#include "video/frame_source.hpp"

#include <filesystem>

#include "video/sequence.hpp"
#include "video/video_reader.hpp"

namespace workflow::video {

bool is_sequence(const std::string& path) {
  return std::filesystem::is_directory(path) ||
         (path.find('%') != std::string::npos && !std::filesystem::exists(path));
}

std::unique_ptr<FrameSource> open_frame_source(const std::string& path, const Rational& rate) {
  if (is_sequence(path)) return std::make_unique<SequenceReader>(path, rate);
  return std::make_unique<VideoReader>(path);
}

}  // namespace workflow::video
