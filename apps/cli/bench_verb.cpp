#include <algorithm>
#include <chrono>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/interrupt.hpp"
#include "cli/matting_workflow.hpp"
#include "cli/verbs.hpp"
#include "cli/video_bench.hpp"
#include "media/image_file.hpp"

namespace cli {
namespace {

using Json = nlohmann::ordered_json;

struct Options {
  std::string image, video, plate, background;
  Settings settings;
  int warmup = 3;
  int runs = 20;
  bool json = false;
};

// Milliseconds of every run.
struct Times {
  std::vector<double> total;
  std::map<std::string, std::vector<double>> stages;
};

// Nearest rank: the smallest value that at least this share of all values does not exceed.
double quantile(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  const auto rank = static_cast<std::size_t>(share * static_cast<double>(values.size()) + 0.999999);
  return values[std::clamp<std::size_t>(rank, 1, values.size()) - 1];
}

double median(const std::vector<double>& values) {
  return quantile(values, 0.5);
}

// Highest resident memory of this process so far: VmHWM of proc(5).
double peak_memory_mib() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.rfind("VmHWM:", 0) == 0) return std::stod(line.substr(6)) / 1024;
  }
  return 0;
}

// One frame, from bytes in memory to bytes in memory. As in a video the plate stays and the image
// is a new one: it gets a new generation number, so that nothing of it may be remembered.
void run_frame(workflow::Workflow& workflow, const workflow::Image& image) {
  wf_image view = image.view();
  view.generation = workflow::next_generation();
  workflow.set_image_input(view, kImage);
  workflow.run();
}

// warmup runs, then as many as are measured.
Times measure(workflow::Workflow& workflow, const workflow::Image& image, const Options& options) {
  using Clock = std::chrono::steady_clock;
  Times times;
  ProgressBar bar;
  const int all = options.warmup + options.runs;
  for (int i = 0; i < all; ++i) {
    const bool measured = i >= options.warmup;
    bar.update(static_cast<std::uint64_t>(i), static_cast<std::uint64_t>(all),
               measured ? "measuring" : "warming up");
    stop_if_interrupted();
    const auto start = Clock::now();
    run_frame(workflow, image);
    const std::chrono::duration<double, std::milli> elapsed = Clock::now() - start;
    if (!measured) continue;
    times.total.push_back(elapsed.count());
    const Json result = Json::parse(workflow.result_json(0));
    const Json stages = result.value("stages_ms", Json::object());
    for (const auto& [name, ms] : stages.items()) {
      times.stages[name].push_back(ms.get<double>());
    }
  }
  return times;
}

// Facts about what ran, out of the task's own result.
void add_facts(const workflow::Workflow& workflow, Json& json) {
  const Json result = Json::parse(workflow.result_json(0));
  for (const char* key : {"size", "device", "engine", "precision", "isa", "threads", "model",
                          "refined_share", "parameters"}) {
    if (result.contains(key)) json[key] = result[key];
  }
}

Json report(const workflow::Workflow& workflow, const Times& times, const Options& options) {
  Json json = {{"ms",
                {{"min", *std::min_element(times.total.begin(), times.total.end())},
                 {"median", median(times.total)},
                 {"p95", quantile(times.total, 0.95)}}}};
  Json stages = Json::object();
  for (const auto& [name, values] : times.stages) stages[name] = median(values);
  const auto network = times.stages.find("network");
  if (network != times.stages.end()) {
    json["network_ms"] = median(network->second);
    json["overhead"] = median(times.total) / median(network->second) - 1;
  }
  json["stages"] = stages;
  json["memory_mib"] = peak_memory_mib();
  json["runs"] = options.runs;
  json["warmup"] = options.warmup;
  add_facts(workflow, json);
  return json;
}

void print(const Json& json) {
  const Json& ms = json["ms"];
  std::cout << std::fixed << std::setprecision(1) << "bytes in to bytes out: median "
            << ms["median"].get<double>() << " ms, min " << ms["min"].get<double>() << " ms, p95 "
            << ms["p95"].get<double>() << " ms (" << json["runs"] << " runs)\n";
  if (json.contains("network_ms")) {
    std::cout << "network alone:         median " << json["network_ms"].get<double>()
              << " ms; the rest adds " << 100 * json["overhead"].get<double>() << " %\n";
  }
  for (const auto& [name, value] : json["stages"].items()) {
    std::cout << "  " << name << ": " << value.get<double>() << " ms\n";
  }
  std::cout << "peak memory:           " << json["memory_mib"].get<double>() << " MiB\n";
  for (const char* key : {"engine", "device", "isa", "precision", "threads", "size"}) {
    if (json.contains(key)) std::cout << key << ": " << json[key] << "\n";
  }
}

void run_picture(const Options& options) {
  workflow::Workflow workflow = make_matting_workflow(options.settings);
  const workflow::Image image = workflow::media::read_image(options.image);
  workflow.set_image_input(image, kImage);
  workflow.set_image_input(options.plate, kPlate);
  if (!options.background.empty()) workflow.set_image_input(options.background, kBackground);
  const Times times = measure(workflow, image, options);
  const Json json = report(workflow, times, options);
  if (options.json) {
    std::cout << json.dump(2, ' ', false, Json::error_handler_t::replace) << "\n";
  } else {
    print(json);
  }
}

void run(const Options& options) {
  if (options.image.empty() == options.video.empty()) {
    throw UsageError("bench measures one of --image and --video");
  }
  if (options.video.empty()) return run_picture(options);
  VideoOptions video;
  video.videos = {options.video};
  video.plate = options.plate;
  video.background = options.background;
  video.settings = options.settings;
  video.json = options.json;
  bench_video(video, options.warmup);
}

}  // namespace

void add_bench_verb(CLI::App& app) {
  auto options = std::make_shared<Options>();
  CLI::App& verb = *app.add_subcommand(
      "bench", "Measure one picture in memory, from bytes in to bytes out; or a video's whole job");
  verb.add_option("--image", options->image, "The picture");
  verb.add_option("--video", options->video,
                  "A video: the engine's frame rate on its frames, the whole job's, their ratio");
  verb.add_option("--plate", options->plate, "The same scene without the subject")->required();
  verb.add_option("--background", options->background, "New background (default: transparent)");
  add_settings(verb, options->settings);
  verb.add_option("--warmup", options->warmup, "Runs before measuring")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  verb.add_option("--runs", options->runs, "Runs that are measured")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  verb.add_flag("--json", options->json, "Print JSON");
  verb.footer(
      example("matting bench --image sample_image/portrait_image.jpg --plate "
              "sample_image/portrait_plate.jpg --runs 5 --json"));
  verb.callback([options] { run(*options); });
}

}  // namespace cli
