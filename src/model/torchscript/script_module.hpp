// TorchScript files: loading, checking, and sharing between instances.
#ifndef MATTING_MODEL_TORCHSCRIPT_SCRIPT_MODULE_HPP
#define MATTING_MODEL_TORCHSCRIPT_SCRIPT_MODULE_HPP

#include <torch/script.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "infer_background_matting/network.hpp"
#include "model/model_file.hpp"

namespace matting {

// A file as it lies on disk, on the CPU, in evaluation mode. Throws Error kModelNotFound, or
// kModelInvalid where it is not TorchScript, truncated, or needs operators that this LibTorch
// lacks.
torch::jit::Module read_script(const ModelFile& file);

// A network that is ready to run, with its own settings but shared weights.
class ScriptModule {
 public:
  // Loads the file for this device and element type, or takes the copy that the process has.
  // Throws Error kModelInvalid where the module's signature is not that of a matting network.
  ScriptModule(const ModelFile& file, torch::Device device, torch::ScalarType type);

  // True for MattingRefine, false for MattingBase.
  bool refines() const { return refines_; }

  // Runs the network. src, bgr: 1x3xHxW, RGB 0..1, H and W multiples of 4, on the device and of the
  // type given above.
  struct Output {
    torch::Tensor alpha;       // 1x1xHxW, 0..1
    torch::Tensor foreground;  // 1x3xHxW, 0..1
    torch::Tensor error;       // 1x1xhxw, 0..1; h, w: the coarse size
    torch::Tensor refined;     // 1x1x(H/4)x(W/4), 1 where refined; undefined without refinement
  };
  Output forward(const NetworkSettings& settings, const torch::Tensor& src,
                 const torch::Tensor& bgr);

 private:
  void apply(const NetworkSettings& settings, std::int64_t pixels);
  void probe(torch::Device device, torch::ScalarType type);
  std::vector<c10::IValue> call(const torch::Tensor& src, const torch::Tensor& bgr);

  std::string name_;
  std::shared_ptr<torch::jit::Module> shared_;  // what module_ was cloned from; owns the weights
  torch::jit::Module module_;
  bool refines_ = false;
};

}  // namespace matting

#endif  // MATTING_MODEL_TORCHSCRIPT_SCRIPT_MODULE_HPP
