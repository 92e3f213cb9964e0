// The door between the core library and its TorchScript module, a shared library of its own that is
// loaded when a TorchScript model is asked for: without one, LibTorch is never in the process.
// Both sides come from one build, so C++ types and exceptions may cross.
#ifndef MATTING_MODEL_TORCHSCRIPT_TORCHSCRIPT_API_HPP
#define MATTING_MODEL_TORCHSCRIPT_TORCHSCRIPT_API_HPP

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "infer_background_matting/network.hpp"
#include "model/matting_model.hpp"
#include "model/model_file.hpp"

namespace matting {

// What a TorchScript model is opened for.
struct TorchScriptRequest {
  ModelFile file;
  int cuda_index = -1;  // -1: the CPU
  Precision precision = Precision::kAuto;
  int threads = 0;  // of the CPU; 0: all cores that this process may use
};

// One tensor of a model's state: name as in the file, float32 values in row-major order, valid
// during the call.
using WeightVisitor = std::function<void(
    const std::string& name, const std::vector<std::int64_t>& shape, const float* values)>;

// What the module offers. Functions throw Error; any thread.
struct TorchScriptApi {
  // GPUs that LibTorch can use.
  int (*cuda_device_count)();
  // Loads, checks and optimises a model; equal files on one device and precision share weights.
  std::unique_ptr<MattingModel> (*open)(const TorchScriptRequest& request);
  // Visits every parameter and buffer of a TorchScript file without running any of its code.
  void (*visit_weights)(const ModelFile& file, const WeightVisitor& visit);
  // The embedded default model as TorchScript.
  const ModelFile& (*default_model)();
  // LibTorch's version, "1.13.1".
  const char* (*libtorch_version)();
};

// The module's one exported symbol: extern "C" const TorchScriptApi* matting_torchscript_api().
constexpr const char* kTorchScriptApiSymbol = "matting_torchscript_api";
using TorchScriptApiFunction = const TorchScriptApi* (*)();

}  // namespace matting

#endif  // MATTING_MODEL_TORCHSCRIPT_TORCHSCRIPT_API_HPP
