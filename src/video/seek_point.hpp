// A place in a video from which a reader can begin.
#ifndef WORKFLOW_VIDEO_SEEK_POINT_HPP
#define WORKFLOW_VIDEO_SEEK_POINT_HPP

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "video/frame_source.hpp"

namespace workflow::video {

// Noted while the video was decoded from its beginning. Timestamps are in ticks of its time base.
struct SeekPoint {
  std::int64_t number = 0;    // of the frame to begin with, from 0
  std::int64_t from = 0;      // timestamp of a frame far enough before it to begin decoding there
  std::int64_t previous = 0;  // timestamp of the frame before it
  std::string checksum;       // SHA-256 of that frame's decoded pixels
};

struct FrameScan {
  std::int64_t frames = 0;
  std::int64_t begin = 0;         // timestamp of frame 0
  std::vector<SeekPoint> points;  // by number; empty where decoding has to start at the beginning
  std::vector<std::string> warnings;
};

// Decodes path to its true end, or to frame limit (0: none), and notes a point for every step-th
// frame but the first. Pictures are counted, not read, and need no points. seen hears of every
// frame and ends the work by throwing. rate: as in open_frame_source. Throws as FrameSource does.
FrameScan scan_frames(const std::string& path, const Rational& rate, std::int64_t step,
                      std::int64_t limit, const std::function<void(std::int64_t)>& seen);

// The source, which gives frame number first. Goes to point (null: there is none) only where what
// is found there is what was noted; decodes from the beginning otherwise.
std::unique_ptr<FrameSource> open_frame_source_at(const std::string& path, const Rational& rate,
                                                  std::int64_t number, const SeekPoint* point);

}  // namespace workflow::video

#endif  // WORKFLOW_VIDEO_SEEK_POINT_HPP
