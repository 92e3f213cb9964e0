// The module's exported symbol.
#include "model/torchscript/torchscript_api.hpp"

#include <torch/cuda.h>
#include <torch/version.h>

#include "infer_background_matting/export.hpp"
#include "model/torchscript/torchscript_model.hpp"

#define MATTING_TEXT_OF(x) #x
#define MATTING_TEXT(x) MATTING_TEXT_OF(x)

// The bytes of the file that CMake embeds.
extern "C" const unsigned char matting_default_script[];
extern "C" const unsigned char matting_default_script_end[];

namespace matting {
namespace {

int count_cuda_devices() {
  return static_cast<int>(torch::cuda::device_count());
}

std::unique_ptr<MattingModel> open_model(const TorchScriptRequest& request) {
  return std::make_unique<TorchScriptModel>(request);
}

void visit_tensor(const std::string& name, const torch::Tensor& tensor,
                  const WeightVisitor& visit) {
  const torch::Tensor values = tensor.to(torch::kCPU, torch::kFloat).contiguous();
  visit(name, values.sizes().vec(), values.data_ptr<float>());
}

void visit_script_weights(const ModelFile& file, const WeightVisitor& visit) {
  const torch::jit::Module module = read_script(file);
  for (const auto& item : module.named_parameters()) visit_tensor(item.name, item.value, visit);
  for (const auto& item : module.named_buffers()) visit_tensor(item.name, item.value, visit);
}

const ModelFile& default_script() {
  static const ModelFile file{
      "mattingrefine_mobilenetv2", matting_default_script_SHA256, "", matting_default_script,
      static_cast<std::size_t>(matting_default_script_end - matting_default_script)};
  return file;
}

const char* version_text() {
  return MATTING_TEXT(TORCH_VERSION_MAJOR) "." MATTING_TEXT(TORCH_VERSION_MINOR) "." MATTING_TEXT(
      TORCH_VERSION_PATCH);
}

constexpr TorchScriptApi kApi = {count_cuda_devices, open_model, visit_script_weights,
                                 default_script, version_text};

}  // namespace
}  // namespace matting

extern "C" MATTING_API const matting::TorchScriptApi* matting_torchscript_api() {
  return &matting::kApi;
}
