#include "model/native_model.hpp"

#include <map>
#include <mutex>

#include "engine/safetensors.hpp"

// The bytes of the file that CMake embeds.
extern "C" const unsigned char matting_default_weights[];
extern "C" const unsigned char matting_default_weights_end[];

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
          engine::precision_name(engine_.precision()), engine_.threads(),
          engine_.refiner_hands_on()};
}

std::uint64_t NativeModel::estimate_memory(const NetworkSettings& settings, int width,
                                           int height) const {
  return engine_.estimate_memory(settings, width, height);
}

std::shared_ptr<const engine::Network> shared_native_network(
    const std::string& sha256, const std::function<engine::WeightMap()>& load) {
  static std::mutex mutex;
  static std::map<std::string, std::weak_ptr<const engine::Network>> networks;
  const std::lock_guard<std::mutex> lock(mutex);
  if (auto network = networks[sha256].lock()) return network;
  auto network = std::make_shared<const engine::Network>(load());
  networks[sha256] = network;
  return network;
}

engine::WeightMap load_native_weights(const std::string& path) {
  return engine::read_safetensors(path).tensors;
}

std::shared_ptr<const engine::Network> embedded_native_network() {
  return shared_native_network(embedded_native_sha256(), [] {
    const auto size =
        static_cast<std::size_t>(matting_default_weights_end - matting_default_weights);
    return engine::parse_safetensors(matting_default_weights, size, "the embedded default model")
        .tensors;
  });
}

const char* embedded_native_sha256() {
  return matting_default_weights_SHA256;
}

}  // namespace matting
