// A live matte: from a camera to windows, virtual cameras and files, frame after newest frame.
#ifndef LIVE_SESSION_HPP
#define LIVE_SESSION_HPP

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "live/governor.hpp"
#include "live/live_sink.hpp"
#include "live/plate_capture.hpp"
#include "video/live_source.hpp"
#include "video_matting/frame_repair.hpp"
#include "workflow/host.hpp"

namespace live {

struct SessionSettings {
  std::string plate;                     // a picture; empty: it is taken from the camera
  std::vector<std::string> backgrounds;  // see BackgroundList
  PlateCaptureSettings capture;
  bool govern = true;  // hold governor.frames_per_second
  GovernorSettings governor;
  std::string log;  // file for a JSON line about each frame and event; empty: none
};

enum class Command { kTakePlate, kNextBackground, kQuit };

// How it goes, after every frame.
struct Status {
  std::int64_t frames = 0;   // that came out
  std::int64_t dropped = 0;  // of the camera, because newer ones were there
  double frames_per_second = 0;
  double latency_ms = 0;  // of the last frame, from the camera to after the last sink
  double mean_latency_ms = 0;
  Quality quality;
  QualityUse quality_use;
  bool has_plate = false;
  std::vector<std::string> plate_warnings;  // of the last frame, from the repair
  bool taking_plate = false;
  double countdown_seconds = 0;  // until the plate is taken; 0: now
};

// What a session asks and tells, on the thread of run().
struct Observer {
  std::function<std::vector<Command>()> commands;  // asked between frames, many times a second
  std::function<void(const std::string&)> notice;  // a line for people
  std::function<void(const Status&)> status;
};

// Seconds of a clock that never goes back, the one that the source's timestamps are of.
using Clock = std::function<double()>;
double steady_seconds();

class Session {
 public:
  // Reads plate and backgrounds; what is wrong with them or with the governor's limits is thrown
  // here. workflow has the matting task as its task 0 and stays the caller's; its parameters
  // model_refine_pixels and model_backbone_scale are the governor's, who gives up only those that
  // the task goes by as it is set now (governor.use is overwritten). source, workflow, sinks and
  // repair (null: none; begins anew with every plate) must outlive the session. Throws
  // workflow::Error.
  Session(const SessionSettings& settings, workflow::Workflow& workflow,
          workflow::video::LiveSource& source, std::vector<LiveSink*> sinks, Clock clock,
          video_matting::FrameRepair* repair = nullptr);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // Until a command or the source ends it; the last status. May throw workflow::Error. Call once.
  Status run(const Observer& observer);

  // The last one, also when run() has thrown. On its thread.
  const Status& status() const noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace live

#endif  // LIVE_SESSION_HPP
