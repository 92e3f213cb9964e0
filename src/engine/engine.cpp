#include "engine/engine.hpp"

#include <algorithm>
#include <optional>

#include "engine/frame_plan.hpp"
#include "engine/output.hpp"
#include "engine/subject_region.hpp"
#include "engine/threads.hpp"
#include "image/frame_part.hpp"
#include "infer_background_matting/error.hpp"

namespace matting::engine {
namespace {

void check_refiner(const Network& network, const NetworkSettings& settings) {
  if (settings.type == ModelType::kMattingBase || network.layers().has_refiner()) return;
  throw Error(ErrorCode::kNotSupported,
              "this model has no refiner (\"refiner.conv1.weight\" is missing): use model_type "
              "mattingbase");
}

// Of a frame in which only the output pass runs, from coarse maps as small as can be.
Geometry outside_geometry(int width, int height) {
  constexpr int kCoarseSide = 4;
  NetworkSettings settings;
  settings.backbone_scale = std::min(1.0, double{kCoarseSide} / std::min(width, height));
  return Geometry(settings, width, height);
}

}  // namespace

struct Engine::State {
  std::shared_ptr<const Network> network;
  int threads = 1;
  ParallelRunner runner;
  Precision precision = Precision::kFp32;
  std::optional<Geometry> geometry;
  std::unique_ptr<FramePlan> plan;
  StageTimes times;
  SubjectRegion subject;
  PixelRegion region;  // of the last frame
  std::optional<Geometry> outside_geometry;
  std::unique_ptr<OutputPass> outside;

  explicit State(std::shared_ptr<const Network> shared)
      : network(std::move(shared)), subject(network->kernels()) {}

  void make_plan(const NetworkSettings& settings, int width, int height);
  void write_outside(const Frame& frame);
  FrameReport run_region(const NetworkSettings& settings, const Frame& frame,
                         StageObserver& observer);
  FrameReport run_whole(const NetworkSettings& settings, const Frame& frame,
                        StageObserver& observer);
};

void Engine::State::make_plan(const NetworkSettings& settings, int width, int height) {
  check_refiner(*network, settings);
  const Geometry wanted(settings, width, height);
  if (plan && *geometry == wanted) return;
  plan.reset();  // first: two plans need not fit
  on_threads(threads, runner, [&] { plan = make_frame_plan(*network, wanted, precision); });
  geometry = wanted;
}

void Engine::State::write_outside(const Frame& frame) {
  const Geometry wanted = engine::outside_geometry(frame.image.width, frame.image.height);
  if (!outside || !(*outside_geometry == wanted)) {
    outside = std::make_unique<OutputPass>(network->kernels(), wanted);
    outside_geometry = wanted;
  }
  outside->write_outside(frame, region);
}

FrameReport Engine::State::run_region(const NetworkSettings& settings, const Frame& frame,
                                      StageObserver& observer) {
  const PixelRegion last = region;
  region = subject.choose(frame.image, frame.plate, *settings.region_margin);
  times.lap("region");
  write_outside(frame);
  times.lap("outside");
  FrameReport report;
  if (region.empty()) {
    for (const char* stage : {"input", "network", "output"}) observer.begin_stage(stage);
    return report;
  }
  make_plan(settings, region.width, region.height);
  if (!(region == last)) plan->forget();
  report = plan->run(settings, part_of(frame, region), observer, times);
  report.region = region;
  const double share = static_cast<double>(region.width) * region.height /
                       (static_cast<double>(frame.image.width) * frame.image.height);
  report.refined_share *= share;
  report.reused_share *= share;
  return report;
}

FrameReport Engine::State::run_whole(const NetworkSettings& settings, const Frame& frame,
                                     StageObserver& observer) {
  const PixelRegion whole = {0, 0, frame.image.width, frame.image.height};
  if (!(region == whole)) plan->forget();
  region = whole;
  FrameReport report = plan->run(settings, frame, observer, times);
  report.region = whole;
  return report;
}

Engine::Engine(std::shared_ptr<const Network> network, const EngineOptions& options)
    : state_(std::make_unique<State>(std::move(network))) {
  keep_openmp_runtime();
  state_->runner = options.runner;
  const int most = options.runner.lent() ? options.runner.threads : hardware_threads();
  state_->threads = options.threads <= 0 ? most : std::min(options.threads, most);
  const Layers& layers = state_->network->layers();
  state_->precision = resolve_precision(options.precision, state_->network->isa(),
                                        layers.uncalibrated(layers.integer_layers()) == 0);
  const std::size_t missing = layers.uncalibrated(layers.decoder_layers());
  if (state_->precision == Precision::kInt8 && missing > 0) {
    throw Error(ErrorCode::kNotSupported,
                "precision int8 wants a model with calibration data (tensors \"calibration.*\"), "
                "found none for " +
                    std::to_string(missing) +
                    " of its decoder's layers: use precision auto, or add them (matting-models "
                    "calibrate)");
  }
  state_->times = StageTimes(options.cpu_times);
}

Engine::~Engine() = default;
Engine::Engine(Engine&&) noexcept = default;
Engine& Engine::operator=(Engine&&) noexcept = default;

void Engine::prepare(const NetworkSettings& settings, int width, int height) {
  if (settings.region_margin) {
    check_refiner(*state_->network, settings);
    return;
  }
  state_->make_plan(settings, width, height);
}

FrameReport Engine::run(const NetworkSettings& settings, const Frame& frame,
                        StageObserver& observer) {
  State& s = *state_;
  if (!settings.region_margin) s.make_plan(settings, frame.image.width, frame.image.height);
  std::optional<ThreadLease> lease;
  if (!s.runner.lent()) lease.emplace(s.threads);
  FrameReport report;
  s.times.clear();
  on_threads(s.threads, s.runner, [&] {
    report = settings.region_margin ? s.run_region(settings, frame, observer)
                                    : s.run_whole(settings, frame, observer);
  });
  return report;
}

int Engine::threads() const noexcept {
  return state_->threads;
}
Precision Engine::precision() const noexcept {
  return state_->precision;
}
Isa Engine::isa() const noexcept {
  return state_->network->isa();
}
bool Engine::refiner_hands_on() const noexcept {
  return state_->network->hands_on();
}
const StageTimes& Engine::times() const noexcept {
  return state_->times;
}

std::uint64_t Engine::estimate_memory(const NetworkSettings& settings, int width,
                                      int height) const {
  check_refiner(*state_->network, settings);
  return estimate_frame_plan(*state_->network, Geometry(settings, width, height), state_->precision,
                             state_->threads);
}

std::uint64_t Engine::plan_bytes() const noexcept {
  return state_->plan ? state_->plan->bytes() : 0;
}

std::vector<std::string> Engine::implementations() const {
  return state_->plan ? state_->plan->implementations() : std::vector<std::string>();
}

}  // namespace matting::engine
