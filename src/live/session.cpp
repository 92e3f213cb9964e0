#include "live/session.hpp"

#include <algorithm>
#include <chrono>
#include <optional>

#include "live/background_list.hpp"
#include "live/capture_stage.hpp"
#include "live/pace.hpp"
#include "media/image_file.hpp"
#include "video_matting/frame_log.hpp"
#include "video_matting/frame_plates.hpp"
#include "video_matting/layers.hpp"
#include "video_matting/matter.hpp"

namespace live {
namespace {

using Json = nlohmann::ordered_json;
using video_matting::FramePointer;
using video_matting::FrameSlot;
using workflow::Error;

constexpr auto kLongestWait = std::chrono::milliseconds(20);  // for a frame, between commands

workflow::ParameterMap parameters_of(const Quality& quality) {
  return {{"model_refine_pixels", std::to_string(quality.refine_pixels)},
          {"model_backbone_min_side", "0"},  // the scale alone says
          {"model_backbone_scale", Json(quality.scale).dump()}};
}

void check_limits(const GovernorSettings& settings) {
  const Quality& best = settings.best;
  const Quality& least = settings.least;
  if (settings.frames_per_second > 0 && least.refine_pixels >= 0 && least.scale > 0 &&
      least.refine_pixels <= best.refine_pixels && least.scale <= best.scale) {
    return;
  }
  throw Error(WF_INVALID_ARGUMENT,
              "the quality may go from " + std::to_string(least.refine_pixels) + " to " +
                  std::to_string(best.refine_pixels) + " refined pixels and from scale " +
                  Json(least.scale).dump() + " to " + Json(best.scale).dump() +
                  ": wanted the smaller one first");
}

// The governor goes by what the task is set to.
SessionSettings for_task(SessionSettings settings, const workflow::Workflow& workflow) {
  check_limits(settings.governor);
  settings.governor.use = quality_use(workflow.parameters(0));
  return settings;
}

// The task's own composite would not show an alpha that is changed after it.
bool composes_itself(const video_matting::FrameRepair* repair) {
  return repair != nullptr && repair->changes_alpha();
}

std::vector<workflow::OutputId> wanted_outputs(const video_matting::FrameRepair* repair) {
  using namespace video_matting;
  return {{0, composes_itself(repair) ? kForeground : kComposite}, {0, kAlpha}};
}

void compose_frame(FrameSlot& frame) {
  using namespace video_matting;
  const workflow::Image &foreground = frame.results[kForeground], &alpha = frame.results[kAlpha];
  if (frame.backdrop.empty()) {
    cut_out(foreground, alpha, frame.results[kComposite]);
  } else {
    compose(foreground, alpha, frame.backdrop, frame.results[kComposite]);
  }
}

}  // namespace

double steady_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

struct Session::State {
  State(const SessionSettings& session_settings, workflow::Workflow& session_workflow,
        workflow::video::LiveSource& session_source, std::vector<LiveSink*> session_sinks,
        Clock session_clock, video_matting::FrameRepair* session_repair);

  bool obey(const Observer& observer, double now);
  void take_plate(const FrameSlot& frame, double now, const Observer& observer);
  void use_plate(const workflow::Image& plate);
  void use_background();
  Json matte(FrameSlot& frame);
  void process(const FramePointer& frame, const Observer& observer);
  void start_governor();
  void govern(double now, double frame_seconds, const Observer& observer);
  void tell(const Observer& observer, const std::string& event, const std::string& text,
            Json facts = Json::object());

  const SessionSettings settings;
  workflow::Workflow& workflow;
  workflow::video::LiveSource& source;
  const std::vector<LiveSink*> sinks;
  const Clock clock;
  video_matting::FrameRepair* const repair;
  BackgroundList backgrounds;
  PlateCapture capture;
  std::optional<Governor> governor;  // from the first matte on
  video_matting::FrameLog log;
  workflow::Image plate;  // empty: none so far
  video_matting::FramePlates plates;
  video_matting::Matter matter;
  const double started;
  Pace pace;
  Status status;
  std::optional<std::int64_t> begin;  // timestamp of the first frame
};

Session::State::State(const SessionSettings& session_settings, workflow::Workflow& session_workflow,
                      workflow::video::LiveSource& session_source,
                      std::vector<LiveSink*> session_sinks, Clock session_clock,
                      video_matting::FrameRepair* session_repair)
    : settings(for_task(session_settings, session_workflow)),
      workflow(session_workflow),
      source(session_source),
      sinks(std::move(session_sinks)),
      clock(std::move(session_clock)),
      repair(session_repair),
      backgrounds(settings.backgrounds, workflow),
      capture(settings.capture),
      log(settings.log, 0),
      plates({}, repair),
      matter(workflow, wanted_outputs(repair)),
      started(clock()) {
  status.quality = settings.governor.best;
  status.quality_use = settings.governor.use;
  use_background();
  if (!settings.plate.empty()) use_plate(workflow::media::read_image(settings.plate));
}

void Session::State::use_background() {
  if (!composes_itself(repair)) return;
  matter.set_backdrop(video_matting::backdrop_for(video_matting::made_background(workflow),
                                                  backgrounds.is_picture()));
}

// A plate stays the same picture for the task as long as its generation number does.
void Session::State::use_plate(const workflow::Image& picture) {
  plate = picture;
  plate.view().generation = workflow::next_generation();
  status.has_plate = true;
  status.plate_warnings.clear();
  plates.begin_part();
  matter.begin_part();
}

// false: it is over.
bool Session::State::obey(const Observer& observer, double now) {
  for (const Command command : observer.commands()) {
    switch (command) {
      case Command::kQuit:
        return false;
      case Command::kTakePlate:
        capture.start(now);
        tell(observer, "plate_wanted", "leave the picture: the plate is taken after the countdown");
        break;
      case Command::kNextBackground:
        tell(observer, "background", "background: " + backgrounds.next());
        use_background();
        break;
    }
  }
  return true;
}

void Session::State::tell(const Observer& observer, const std::string& event,
                          const std::string& text, Json facts) {
  Json record = {{"event", event}, {"seconds", clock() - started}, {"text", text}};
  record.update(facts);
  log.write(record);
  observer.notice(text);
}

void Session::State::take_plate(const FrameSlot& frame, double now, const Observer& observer) {
  const auto outcome = capture.add(frame.source.image, now);
  if (!outcome) return;
  if (outcome->plate.empty()) {
    tell(observer, "plate_refused", "no plate: " + outcome->refusal);
    return;
  }
  use_plate(outcome->plate);
  tell(observer, "plate", "plate taken: the mean of " + std::to_string(outcome->frames) + " frames",
       {{"frames", outcome->frames}});
}

// Without a plate the frame goes on as it is: its results of an earlier use are taken away.
Json Session::State::matte(FrameSlot& frame) {
  Json record = log_line(frame);
  if (plate.empty()) {
    frame.results = {};
    return record;
  }
  frame.plate = plate;
  frame.background =
      backgrounds.at(static_cast<double>(frame.source.timestamp) / workflow::video::kLiveTicks);
  const Json facts = matter.matte(frame, plates.plate_for(frame, record));
  plates.mend(frame, record);
  record.update(facts);
  if (composes_itself(repair)) compose_frame(frame);
  if (repair != nullptr) status.plate_warnings = repair->frame_warnings();
  return record;
}

void Session::State::process(const FramePointer& frame, const Observer& observer) {
  const double taken = clock();
  const double captured =
      static_cast<double>(frame->source.timestamp) / workflow::video::kLiveTicks;
  if (!begin) begin = frame->source.timestamp;
  frame->source.timestamp -= *begin;
  frame->number = status.frames;
  if (capture.running()) take_plate(*frame, captured, observer);
  status.taking_plate = capture.running();
  status.countdown_seconds = capture.running() ? capture.seconds_left(captured) : 0;
  Json record = matte(*frame);
  if (settings.govern && !governor && !plate.empty()) start_governor();
  for (LiveSink* const sink : sinks) sink->show(frame);
  const double now = clock();
  pace.note(now);
  ++status.frames;
  status.frames_per_second = pace.frames_per_second();
  status.latency_ms = (now - captured) * 1000;
  status.mean_latency_ms +=
      (status.latency_ms - status.mean_latency_ms) / static_cast<double>(status.frames);
  record.update({{"latency_ms", status.latency_ms},
                 {"frame_ms", (now - taken) * 1000},
                 {"frames_per_second", status.frames_per_second},
                 {"dropped", status.dropped},
                 {"refine_pixels", status.quality.refine_pixels},
                 {"scale", status.quality.scale}});
  log.write(record);
  if (governor && !plate.empty()) govern(now, now - taken, observer);
  observer.status(status);
}

// The task may work at a larger scale than it is set to (model_backbone_min_side): what it does at
// the first matte is the best that is given up from.
void Session::State::start_governor() {
  const Json parsed = Json::parse(workflow.result_json(0), nullptr, false);
  const Json result = parsed.is_object() ? parsed : Json::object();
  GovernorSettings known = settings.governor;
  known.use = quality_use_after(known.use, result);
  if (known.use.scale) {
    known.best.scale = std::max(known.best.scale, result.value("backbone_scale", 0.0));
  }
  governor.emplace(known);
  status.quality = governor->quality();
  status.quality_use = known.use;
  workflow.set_parameters(0, parameters_of(status.quality));
}

void Session::State::govern(double now, double frame_seconds, const Observer& observer) {
  const auto change = governor->frame_done(now, frame_seconds);
  if (!change) return;
  status.quality = change->quality;
  workflow.set_parameters(0, parameters_of(change->quality));
  const double frame_ms = change->frame_seconds * 1000;
  tell(observer, "quality",
       std::string(change->better ? "time to spare" : "too slow") + ": " +
           describe(change->quality, status.quality_use) + " from here on",
       {{"refine_pixels", change->quality.refine_pixels},
        {"scale", change->quality.scale},
        {"frame_ms", frame_ms},
        {"better", change->better}});
}

Session::Session(const SessionSettings& settings, workflow::Workflow& workflow,
                 workflow::video::LiveSource& source, std::vector<LiveSink*> sinks, Clock clock,
                 video_matting::FrameRepair* repair)
    : state_(std::make_unique<State>(settings, workflow, source, std::move(sinks), std::move(clock),
                                     repair)) {}

Session::~Session() = default;

const Status& Session::status() const noexcept {
  return state_->status;
}

Status Session::run(const Observer& observer) {
  State& state = *state_;
  CaptureStage capture(state.source);
  while (state.obey(observer, state.clock())) {
    const FramePointer frame = capture.newest(kLongestWait);
    if (!frame && capture.ended()) break;
    if (!frame) continue;
    state.status.dropped = capture.dropped();
    state.process(frame, observer);
  }
  capture.finish();
  return state.status;
}

}  // namespace live
