// The native engine as a MattingModel.
#ifndef MATTING_MODEL_NATIVE_MODEL_HPP
#define MATTING_MODEL_NATIVE_MODEL_HPP

#include <memory>
#include <string>

#include "engine/engine.hpp"
#include "model/matting_model.hpp"

namespace matting {

// Runs one engine::Network, which it shares with others.
class NativeModel : public MattingModel {
 public:
  // Throws Error kNotSupported if this CPU has no such precision.
  NativeModel(std::shared_ptr<const engine::Network> network, const engine::EngineOptions& options)
      : engine_(std::move(network), options) {}

  void prepare(const NetworkSettings& settings, int width, int height) override;
  FrameReport run(const NetworkSettings& settings, const Frame& frame,
                  StageObserver& observer) override;
  ModelDescription describe() const override;
  std::uint64_t estimate_memory(const NetworkSettings& settings, int width,
                                int height) const override;

 private:
  engine::Engine engine_;
};

// The network in a safetensors file, or in one that lies in memory (name: for messages). Throws
// Error kModelNotFound, kReadFailed, kModelInvalid.
std::shared_ptr<const engine::Network> load_native_network(const std::string& path);
std::shared_ptr<const engine::Network> load_native_network(const void* data, std::size_t size,
                                                           const std::string& name);

}  // namespace matting

#endif  // MATTING_MODEL_NATIVE_MODEL_HPP
