#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cmath>
#include <iomanip>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>

#include "camera/camera.hpp"
#include "camera/video_devices.hpp"
#include "camera/virtual_camera.hpp"
#include "cli/interrupt.hpp"
#include "cli/live_window.hpp"
#include "cli/matting_workflow.hpp"
#include "cli/repair_options.hpp"
#include "cli/verbs.hpp"
#include "live/recorder.hpp"
#include "video_matting/plate_repair.hpp"

namespace cli {
namespace {

using workflow::video::LiveSource;

constexpr double kSameRate = 0.01;  // a difference that nobody asked about: 29.97 for 30
constexpr double kUsualRate = 25;   // held where neither the call nor the camera says one

struct Options {
  workflow::camera::CameraRequest camera{"/dev/video0", 0, 0, 0, ""};
  std::string size, plate, device, output, log;
  std::vector<std::string> backgrounds;
  live::PlateCaptureSettings capture;
  plate::KeeperSettings keeper;
  live::GovernorSettings governor;
  double smooth = 0;
  double hold_rate = 0;
  double seconds = 0;
  bool window = false, fixed_quality = false, list = false, json = false;
  Settings settings;
};

std::atomic<bool> plate_signal{false};

extern "C" void on_plate_signal(int) {
  plate_signal = true;
}

void catch_plate_signal() {
  struct sigaction action = {};
  action.sa_handler = on_plate_signal;
  action.sa_flags = SA_RESTART;
  sigaction(SIGUSR1, &action, nullptr);
}

// "1280x720".
void parse_size(const std::string& size, workflow::camera::CameraRequest& camera) {
  if (size.empty()) return;
  char between = 0;
  std::istringstream text(size);
  if (text >> camera.width >> between >> camera.height && between == 'x' && text.eof() &&
      camera.width > 0 && camera.height > 0) {
    return;
  }
  throw UsageError("--size takes WIDTHxHEIGHT, found '" + size + "'");
}

bool has_background(const Options& options, const workflow::Workflow& workflow) {
  return !options.backgrounds.empty() || !workflow.parameters(0).at("background").empty();
}

// A format without alpha, limits the wrong way round, no colour: found when it is opened.
template <typename Open>
auto open_as_called(const Open& open) try {
  return open();
} catch (const workflow::Error& error) {
  const bool wrong_call = error.code() == WF_NOT_SUPPORTED || error.code() == WF_INVALID_ARGUMENT ||
                          error.code() == WF_BAD_PARAMETER_VALUE;
  if (!wrong_call) throw;
  throw UsageError(error.what());
}

// Where the session's frames go, as the call asks for.
struct Sinks {
  std::unique_ptr<LiveWindow> window;
  std::unique_ptr<workflow::camera::VirtualCamera> device;
  std::unique_ptr<live::CompositeSink> device_sink;
  std::unique_ptr<live::Recorder> recorder;
  std::vector<live::LiveSink*> all;
};

Sinks open_sinks(const Options& options, const LiveSource& source, bool over_background) {
  Sinks sinks;
  workflow::video::ClipInfo clip = source.info();
  if (options.window || (options.device.empty() && options.output.empty())) {
    sinks.window = std::make_unique<LiveWindow>();
    sinks.all.push_back(sinks.window.get());
  }
  if (!options.device.empty()) {
    if (!over_background) throw UsageError("--device has no alpha: name a --background");
    sinks.device =
        std::make_unique<workflow::camera::VirtualCamera>(options.device, clip.width, clip.height);
    sinks.device_sink = std::make_unique<live::CompositeSink>(
        [&camera = *sinks.device](const workflow::Image& picture) { camera.write(picture); });
    sinks.all.push_back(sinks.device_sink.get());
  }
  if (!options.output.empty()) {
    if (clip.average_rate.numerator == 0) clip.average_rate = {static_cast<int>(kUsualRate), 1};
    sinks.recorder = open_as_called(
        [&] { return std::make_unique<live::Recorder>(options.output, clip, over_background); });
    sinks.all.push_back(sinks.recorder.get());
  }
  return sinks;
}

live::SessionSettings session_settings(const Options& options, const LiveSource& source,
                                       const workflow::Workflow& workflow) {
  live::SessionSettings settings;
  settings.plate = options.plate;
  settings.backgrounds = options.backgrounds;
  settings.capture = options.capture;
  settings.governor = options.governor;
  settings.govern = !options.fixed_quality;
  settings.log = options.log;
  const auto parameters = workflow.parameters(0);
  live::Quality& best = settings.governor.best;
  best.refine_pixels = std::stoll(parameters.at("model_refine_pixels"));
  best.scale = std::stod(parameters.at("model_backbone_scale"));
  // Asked for less than the usual least: that is as little as it gets.
  live::Quality& least = settings.governor.least;
  least.refine_pixels = std::min(least.refine_pixels, best.refine_pixels);
  least.scale = std::min(least.scale, best.scale);
  const double camera_rate = source.info().average_rate.value();
  settings.governor.frames_per_second = options.hold_rate > 0 ? options.hold_rate
                                        : camera_rate > 0     ? camera_rate
                                                              : kUsualRate;
  return settings;
}

std::string line_of(const live::Status& status) {
  std::ostringstream text;
  text << std::fixed << std::setprecision(1) << status.frames_per_second << " fps, "
       << std::setprecision(0) << status.latency_ms << " ms late, " << status.dropped
       << " dropped, " << live::describe(status.quality, status.quality_use);
  for (const std::string& warning : status.plate_warnings) text << "; " << warning;
  return text.str();
}

std::string to_json(const live::Status& status, const Sinks& sinks,
                    const video_matting::FrameRepair& repair) {
  nlohmann::ordered_json json = {{"frames", status.frames},
                                 {"dropped", status.dropped},
                                 {"frames_per_second", status.frames_per_second},
                                 {"mean_latency_ms", status.mean_latency_ms},
                                 {"refine_pixels", status.quality.refine_pixels},
                                 {"scale", status.quality.scale},
                                 {"plate", repair.summary()}};
  if (sinks.recorder) {
    json["recorded"] = sinks.recorder->frames();
    json["left_out_of_recording"] = sinks.recorder->left_out();
  }
  return json.dump(2);
}

live::Observer observer_of(const Options& options, Sinks& sinks, ProgressBar& bar) {
  live::Observer observer;
  const double end = options.seconds > 0 ? live::steady_seconds() + options.seconds : HUGE_VAL;
  observer.commands = [&sinks, end] {
    std::vector<live::Command> commands;
    if (sinks.window) commands = sinks.window->commands();
    if (plate_signal.exchange(false)) commands.push_back(live::Command::kTakePlate);
    if (interrupted() || live::steady_seconds() >= end) commands.push_back(live::Command::kQuit);
    return commands;
  };
  observer.notice = [&sinks, &bar](const std::string& text) {
    bar.message("matting: " + text);
    if (sinks.window) sinks.window->set_notice(text);
  };
  observer.status = [&sinks, &bar](const live::Status& status) {
    bar.status(line_of(status));
    if (sinks.window) sinks.window->set_status(status);
  };
  return observer;
}

// Drivers choose what is nearest to what they are asked for.
void tell_what_is_sent(const Options& options, const LiveSource& source, ProgressBar& bar) {
  const workflow::camera::CameraRequest& asked = options.camera;
  const workflow::video::ClipInfo& sent = source.info();
  std::ostringstream differences;
  if (asked.width > 0 && (sent.width != static_cast<std::uint32_t>(asked.width) ||
                          sent.height != static_cast<std::uint32_t>(asked.height))) {
    differences << sent.width << "x" << sent.height << " instead of " << options.size;
  }
  const double rate = sent.average_rate.value();
  if (asked.frames_per_second > 0 && rate > 0 &&
      std::abs(rate - asked.frames_per_second) > kSameRate * asked.frames_per_second) {
    differences << (differences.tellp() > 0 ? ", " : "") << rate << " frames a second instead of "
                << asked.frames_per_second;
  }
  if (differences.tellp() > 0) {
    bar.message("matting: the camera sends " + differences.str() +
                "; see: matting video live --list");
  }
}

void tell_how_it_went(const Options& options, const live::Status& status, const Sinks& sinks,
                      const video_matting::FrameRepair& repair, ProgressBar& bar) {
  bar.message("matting: " + std::to_string(status.frames) + " frames, " + line_of(status));
  for (const std::string& warning : repair.warnings()) bar.message("matting: " + warning);
  if (options.json) std::cout << to_json(status, sinks, repair) << "\n";
}

void run(Options options) {
  if (options.list) {
    std::cout << workflow::camera::describe_video_devices_in_full() << "\n";
    return;
  }
  parse_size(options.size, options.camera);
  catch_plate_signal();
  workflow::Workflow workflow = make_matting_workflow(options.settings);
  const auto source = workflow::camera::open_camera(options.camera);
  ProgressBar bar;
  video_matting::PlateRepair repair({options.keeper, options.smooth, {}});
  Sinks sinks = open_sinks(options, *source, has_background(options, workflow));
  const auto session = open_as_called([&] {
    return std::make_unique<live::Session>(session_settings(options, *source, workflow), workflow,
                                           *source, sinks.all, live::steady_seconds, &repair);
  });
  if (options.plate.empty()) {
    bar.message("matting: no plate yet: press p in the window, or: kill -USR1 " +
                std::to_string(::getpid()));
  }
  tell_what_is_sent(options, *source, bar);
  // A recording is completed, and the summary given, also when the camera was pulled out.
  std::exception_ptr failure;
  try {
    session->run(observer_of(options, sinks, bar));
  } catch (const workflow::Error&) {
    failure = std::current_exception();
  }
  if (sinks.recorder) sinks.recorder->finish();
  tell_how_it_went(options, session->status(), sinks, repair, bar);
  if (failure) std::rethrow_exception(failure);
}

void add_quality_options(CLI::App& verb, Options& options) {
  verb.add_option("--hold-rate", options.hold_rate,
                  "Frames a second to hold by giving up quality (default: the camera's)")
      ->check(CLI::Range(0.5, 240.0));
  verb.add_option("--least-pixels", options.governor.least.refine_pixels,
                  "Refined pixels that are never given up")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  verb.add_option("--least-scale", options.governor.least.scale,
                  "Scale of the network's input that is never given up")
      ->check(CLI::Range(0.01, 1.0))
      ->capture_default_str();
  verb.add_flag("--fixed-quality", options.fixed_quality, "Hold the quality, not the rate");
  add_settings(verb, options.settings);
}

void add_plate_options(CLI::App& verb, Options& options) {
  verb.add_option(
      "--plate", options.plate,
      "The scene without the subject (default: taken from the camera by key or signal)");
  verb.add_option("--countdown", options.capture.countdown_seconds,
                  "Seconds to leave the picture before the plate is taken")
      ->check(CLI::Range(0.0, 3600.0))
      ->capture_default_str();
  verb.add_option("--plate-frames", options.capture.burst_frames,
                  "Frames of which the plate is the mean, over a second at least")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  add_film_repair_options(verb, options.keeper, options.smooth);
}

void add_camera_options(CLI::App& verb, Options& options) {
  verb.add_option("--camera", options.camera.device,
                  "A camera's device, or lavfi:GRAPH, a filter graph of FFmpeg in its place")
      ->capture_default_str();
  verb.add_option("--size", options.size, "Of the camera's pictures")->type_name("WIDTHxHEIGHT");
  verb.add_option("--camera-rate", options.camera.frames_per_second, "The camera's frames a second")
      ->check(CLI::Range(0.5, 1000.0));
  verb.add_option("--camera-format", options.camera.pixel_format,
                  "What the camera sends, as FFmpeg calls it: mjpeg, yuyv422, ...");
  verb.add_flag("--list", options.list, "List the video devices and end");
}

}  // namespace

void add_live_verb(CLI::App& video) {
  auto options = std::make_shared<Options>();
  CLI::App& verb =
      *video.add_subcommand("live", "Matte a camera: into a window, a virtual camera, a file");
  add_camera_options(verb, *options);
  add_plate_options(verb, *options);
  verb.add_option("--background", options->backgrounds,
                  "New backgrounds, gone through by key: pictures, videos, #rrggbb, blur:SIGMA");
  verb.add_flag("--window", options->window, "Show a window (the default without other outputs)");
  verb.add_option("--device", options->device, "A virtual camera to write to (v4l2loopback)");
  verb.add_option("-o,--output", options->output, "A file to record to, as for matting video");
  add_quality_options(verb, *options);
  verb.add_option("--seconds", options->seconds, "End after so long")
      ->check(CLI::Range(0.001, 1e9));
  verb.add_option("--log", options->log, "File for a JSON line about each frame and event");
  verb.add_flag("--json", options->json, "Print a summary as JSON at the end");
  verb.footer(
      example("matting video live --list") +
      "\nKeys of the window: p takes the plate, b next background, a shows alpha, q quits.");
  verb.callback([options] { run(*options); });
}

}  // namespace cli
