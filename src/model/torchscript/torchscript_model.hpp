// MattingModel on LibTorch.
#ifndef MATTING_MODEL_TORCHSCRIPT_TORCHSCRIPT_MODEL_HPP
#define MATTING_MODEL_TORCHSCRIPT_TORCHSCRIPT_MODEL_HPP

#include "model/matting_model.hpp"
#include "model/torchscript/script_module.hpp"
#include "model/torchscript/tensor_frame.hpp"
#include "model/torchscript/torchscript_api.hpp"

namespace matting {

// Runs any conforming TorchScript file, on the CPU or a GPU. LibTorch's pool of CPU threads can
// only be sized: this is done for the calling thread while a frame runs, and undone after it.
class TorchScriptModel : public MattingModel {
 public:
  explicit TorchScriptModel(const TorchScriptRequest& request);

  void prepare(const NetworkSettings& settings, int width, int height) override;
  FrameReport run(const NetworkSettings& settings, const Frame& frame,
                  StageObserver& observer) override;
  ModelDescription describe() const override;
  bool leaves_work_out() const noexcept override { return false; }
  std::uint64_t estimate_memory(const NetworkSettings& settings, int width,
                                int height) const override;

 private:
  void update_plate(const ImageView& plate);

  torch::Device device_;
  torch::ScalarType type_;
  int threads_;
  ScriptModule module_;
  torch::Tensor image_;  // kept for its memory
  Downloads downloads_;
  torch::Tensor plate_;   // kept while the plate does not change
  ImageView plate_view_;  // what plate_ was made from; compared, never read
};

}  // namespace matting

#endif  // MATTING_MODEL_TORCHSCRIPT_TORCHSCRIPT_MODEL_HPP
