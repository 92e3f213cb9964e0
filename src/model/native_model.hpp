// The native engine as a MattingModel.
#ifndef MATTING_MODEL_NATIVE_MODEL_HPP
#define MATTING_MODEL_NATIVE_MODEL_HPP

#include <functional>
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
  bool leaves_work_out() const noexcept override { return true; }
  std::uint64_t estimate_memory(const NetworkSettings& settings, int width,
                                int height) const override;

 private:
  engine::Engine engine_;
};

// The network of a file, by the file's SHA-256: taken from who uses it already, else made from the
// weights that load gives. Throws what load throws, and Error kModelInvalid. Any thread.
std::shared_ptr<const engine::Network> shared_native_network(
    const std::string& sha256, const std::function<engine::WeightMap()>& load);

// The weights in a safetensors file. Throws Error kModelNotFound, kReadFailed, kModelInvalid.
engine::WeightMap load_native_weights(const std::string& path);

// The embedded default model, shared as above, and the SHA-256 of its file.
std::shared_ptr<const engine::Network> embedded_native_network();
const char* embedded_native_sha256();

}  // namespace matting

#endif  // MATTING_MODEL_NATIVE_MODEL_HPP
