#include "video/seek_point.hpp"

#include <algorithm>
#include <deque>

#include "video/video_reader.hpp"

namespace workflow::video {
namespace {

// Decoding begins at least so many frames early: twice as many as H.264 and H.265 can hold back for
// reordering, so that all frames that need others from before the key frame are over by then.
constexpr std::size_t kRunUpFrames = 32;

FrameScan scan_video(VideoReader& reader, std::int64_t step, std::int64_t limit,
                     const std::function<void(std::int64_t)>& seen) {
  FrameScan scan;
  std::deque<std::int64_t> latest;  // timestamps, at most kRunUpFrames
  while ((limit == 0 || scan.frames < limit) && reader.skip(1)) {
    if (scan.frames == 0) scan.begin = reader.timestamp();
    latest.push_back(reader.timestamp());
    if (latest.size() > kRunUpFrames) latest.pop_front();
    if (++scan.frames % step == 0) {
      scan.points.push_back({scan.frames, latest.front(), latest.back(), reader.checksum()});
    }
    seen(scan.frames);
  }
  // A time that was made up depends on all frames before it.
  if (reader.mended_times() > 0) scan.points.clear();
  scan.warnings = reader.warnings();
  return scan;
}

}  // namespace

FrameScan scan_frames(const std::string& path, const Rational& rate, std::int64_t step,
                      std::int64_t limit, const std::function<void(std::int64_t)>& seen) {
  if (!is_sequence(path)) {
    VideoReader reader(path);
    return scan_video(reader, step, limit, seen);
  }
  const auto source = open_frame_source(path, rate);
  FrameScan scan;
  scan.frames = source->info().expected_frames;
  if (limit > 0) scan.frames = std::min(scan.frames, limit);
  scan.warnings = source->warnings();
  seen(scan.frames);
  return scan;
}

std::unique_ptr<FrameSource> open_frame_source_at(const std::string& path, const Rational& rate,
                                                  std::int64_t number, const SeekPoint* point) {
  if (point != nullptr && !is_sequence(path)) {
    auto reader = std::make_unique<VideoReader>(path);
    if (reader->seek(*point)) return reader;
  }
  auto source = open_frame_source(path, rate);
  source->skip(number);
  return source;
}

}  // namespace workflow::video
