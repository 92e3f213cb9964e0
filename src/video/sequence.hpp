// Numbered pictures in a folder as frames.
#ifndef WORKFLOW_VIDEO_SEQUENCE_HPP
#define WORKFLOW_VIDEO_SEQUENCE_HPP

#include <string>
#include <utility>
#include <vector>

#include "video/frame_source.hpp"

namespace workflow::video {

// "frames/%05d.png": what stands around the number, and its least number of digits.
struct SequencePattern {
  std::string before, after;
  int digits = 0;

  // Throws Error WF_INVALID_ARGUMENT unless name holds one %d or %0Nd (%% is a per cent sign).
  static SequencePattern parse(const std::string& name);

  // Path of picture number.
  std::string path(std::int64_t number) const;
};

// Numbers and paths, in order of the number, of the pictures of a pattern, or of the one numbered
// sequence in a folder. Throws Error WF_READ_FAILED when there is none, or in a folder several.
std::vector<std::pair<std::int64_t, std::string>> find_pictures(const std::string& path);

class SequenceReader final : public FrameSource {
 public:
  SequenceReader(const std::string& path, const Rational& rate);

  const ClipInfo& info() const override { return info_; }
  bool read(Frame& frame) override;
  bool skip(std::int64_t count) override;
  std::vector<std::string> warnings() const override;

 private:
  std::vector<std::pair<std::int64_t, std::string>> pictures_;
  std::size_t next_ = 0;
  ClipInfo info_;
};

}  // namespace workflow::video

#endif  // WORKFLOW_VIDEO_SEQUENCE_HPP
