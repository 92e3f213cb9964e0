#include "engine/engine.hpp"

#include <algorithm>
#include <optional>

#include "engine/frame_plan.hpp"
#include "engine/threads.hpp"
#include "infer_background_matting/error.hpp"

namespace matting::engine {
namespace {

void check_refiner(const Network& network, const NetworkSettings& settings) {
  if (settings.type == ModelType::kMattingBase || network.layers().has_refiner()) return;
  throw Error(ErrorCode::kNotSupported,
              "this model has no refiner (\"refiner.conv1.weight\" is missing): use model_type "
              "mattingbase");
}

}  // namespace

struct Engine::State {
  std::shared_ptr<const Network> network;
  int threads = 1;
  Precision precision = Precision::kFp32;
  std::optional<Geometry> geometry;
  std::unique_ptr<FramePlan> plan;
  StageTimes times;
};

Engine::Engine(std::shared_ptr<const Network> network, const EngineOptions& options)
    : state_(std::make_unique<State>()) {
  keep_openmp_runtime();
  const int most = hardware_threads();
  state_->threads = options.threads <= 0 ? most : std::min(options.threads, most);
  state_->precision = resolve_precision(options.precision, network->isa());
  if (state_->precision == Precision::kInt8 && network->layers().calibration().empty()) {
    throw Error(ErrorCode::kNotSupported,
                "precision int8 wants a model with calibration data (tensors \"calibration.*\"), "
                "found none: use precision auto, or calibrate the model");
  }
  state_->network = std::move(network);
  state_->times = StageTimes(options.cpu_times);
}

Engine::~Engine() = default;
Engine::Engine(Engine&&) noexcept = default;
Engine& Engine::operator=(Engine&&) noexcept = default;

void Engine::prepare(const NetworkSettings& settings, int width, int height) {
  State& s = *state_;
  check_refiner(*s.network, settings);
  const Geometry geometry(settings, width, height);
  if (s.plan && *s.geometry == geometry) return;
  const ThreadCount threads(s.threads);
  s.plan.reset();  // first: two plans need not fit
  s.plan = make_frame_plan(*s.network, geometry, s.precision);
  s.geometry = geometry;
}

FrameReport Engine::run(const NetworkSettings& settings, const Frame& frame,
                        StageObserver& observer) {
  prepare(settings, frame.image.width, frame.image.height);
  const ThreadLease lease(state_->threads);
  const ThreadCount threads(state_->threads);
  return state_->plan->run(settings, frame, observer, state_->times);
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
