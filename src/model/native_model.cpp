#include "model/native_model.hpp"

#include "engine/safetensors.hpp"

namespace matting {

void NativeModel::prepare(const NetworkSettings& settings, int width, int height) {
  engine_.prepare(settings, width, height);
}

FrameReport NativeModel::run(const NetworkSettings& settings, const Frame& frame,
                             StageObserver& observer) {
  return engine_.run(settings, frame, observer);
}

ModelDescription NativeModel::describe() const {
  return {"native", "cpu", engine::isa_name(engine_.isa()),
          engine::precision_name(engine_.precision()), engine_.threads()};
}

std::uint64_t NativeModel::estimate_memory(const NetworkSettings& settings, int width,
                                           int height) const {
  return engine_.estimate_memory(settings, width, height);
}

std::shared_ptr<const engine::Network> load_native_network(const std::string& path) {
  return std::make_shared<const engine::Network>(engine::read_safetensors(path).tensors);
}

std::shared_ptr<const engine::Network> load_native_network(const void* data, std::size_t size,
                                                           const std::string& name) {
  return std::make_shared<const engine::Network>(
      engine::parse_safetensors(data, size, name).tensors);
}

}  // namespace matting
