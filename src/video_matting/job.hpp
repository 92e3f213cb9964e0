// Matting a whole video: settings, what can go wrong before it starts, running, joining.
#ifndef VIDEO_MATTING_JOB_HPP
#define VIDEO_MATTING_JOB_HPP

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "video/output_plan.hpp"
#include "video/seek_point.hpp"
#include "video_matting/frame_repair.hpp"
#include "video_matting/lanes.hpp"
#include "workflow/host.hpp"

namespace video_matting {

enum class Result { kComposite, kCutOut, kAlpha, kForeground, kError };

struct RequestedOutput {
  Result result = Result::kComposite;
  std::string path;  // its ending chooses the format; a %05d in it: pictures
};

// What plays once a background or plate video is over, before the film is.
enum class AtEnd { kLoop, kHold };

// A stretch of a job that is made apart from the rest, perhaps on another machine.
struct Chunk {
  std::int64_t first = 0;  // number of a frame that a part begins with
  std::int64_t frames = 0;
  std::int64_t begin = 0;                          // timestamp of the film's frame 0
  std::optional<workflow::video::SeekPoint> seek;  // empty: decode from the beginning
  std::string folder;                              // gets its parts
};

struct JobSettings {
  std::string video;       // a video, a pattern or a folder of pictures
  std::string plate;       // a picture, or a video of the same camera move
  std::string background;  // a picture or video; empty: none, or the task's own parameter
  AtEnd background_at_end = AtEnd::kLoop;
  std::vector<RequestedOutput> outputs;

  workflow::video::Rational sequence_rate{25, 1};  // frames a second of pictures
  std::string codec;                               // "h265" instead of H.264; empty: the first
  int quality = 0;                                 // CRF; 0: the format's default
  // Empty: premultiplied for OpenEXR, as programs expect it there, else straight.
  std::optional<workflow::video::AlphaMode> alpha_mode;

  std::int64_t part_frames = 250;  // frames of one part: what a crash can cost
  std::int64_t frame_limit = 0;    // stop after so many frames; 0: none
  bool resume = false;             // go on with the parts that an earlier run of this job left
  std::string log;                 // file for a JSON line about each frame; empty: none
  std::optional<Chunk> chunk;      // make the parts of these frames only, and do not join them
};

struct JobProgress {
  std::int64_t frame = 0;  // frames of the source that are matted, those of earlier runs included
  std::int64_t expected = 0;  // as the header promises; 0: unknown
  double frames_per_second = 0;
  double seconds_left = 0;  // 0: unknown
};

// What became of it. seconds and frames_per_second are of this run, from the first frame's decoding
// to the last one's encoding; busy: seconds that each stage worked in that time (matting: that a
// lane did, in the mean).
struct JobReport {
  std::int64_t frames = 0;          // in the outputs
  std::int64_t resumed_frames = 0;  // of which an earlier run made so many
  double seconds = 0;
  double frames_per_second = 0;
  double decode_busy = 0, matte_busy = 0;
  std::vector<double> encode_busy;  // by output
  double refined_share = 0;         // mean
  bool interrupted = false;
  std::vector<std::string> files;  // what was written: the outputs, or partial ones
  std::vector<std::string> warnings;
  std::string repair;  // FrameRepair::summary() as JSON; empty without one
  std::string to_json() const;
};

class Job {
 public:
  // Opens everything, chooses the formats and tries the containers: what can be known to be wrong
  // is thrown here, before a frame is computed. lanes: one workflow or more, see MattingStage; they
  // stay the caller's; repair (null: none) and lanes must outlive the job. Throws workflow::Error.
  Job(const JobSettings& settings, Lanes& lanes, FrameRepair* repair = nullptr);
  ~Job();
  Job(const Job&) = delete;
  Job& operator=(const Job&) = delete;

  // Mattes the whole video and joins the outputs. cancelled is asked before every frame; when it
  // says so, the frames so far are joined into "NAME.partial.EXT" beside each output and the parts
  // are kept for resume. progress is called on this thread after every frame. May throw
  // workflow::Error; the complete parts are kept then as well.
  JobReport run(const std::function<void(const JobProgress&)>& progress,
                const std::function<bool()>& cancelled);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace video_matting

#endif  // VIDEO_MATTING_JOB_HPP
