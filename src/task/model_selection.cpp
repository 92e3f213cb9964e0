#include "task/model_selection.hpp"

#include <dlfcn.h>
#include <sys/stat.h>

#include <cstring>
#include <fstream>

#include "catalog/sha256.hpp"
#include "infer_background_matting/error.hpp"
#include "model/torchscript_loader.hpp"

namespace matting {
namespace {

// Whether this machine has an NVIDIA driver at all, so that machines without one never load
// LibTorch to be told so.
bool has_cuda_driver() {
  static const bool found = [] {
    void* driver = dlopen("libcuda.so.1", RTLD_LAZY | RTLD_LOCAL);
    if (driver != nullptr) dlclose(driver);
    return driver != nullptr;
  }();
  return found;
}

int count_gpus() {
  return has_cuda_driver() ? torchscript_api().cuda_device_count() : 0;
}

// Index of the GPU to use, or -1 for the CPU.
int resolve_device(const DeviceChoice& choice, Warnings& warnings) {
  if (!choice.cuda) return -1;
  const int count = count_gpus();
  if (choice.cuda_index >= count) {
    throw Error(ErrorCode::kDeviceUnavailable,
                "cuda:" + std::to_string(choice.cuda_index) + " was asked for, but there " +
                    (count == 1 ? "is 1 GPU" : "are " + std::to_string(count) + " GPUs") +
                    "; set cuda to cpu, or to cuda for the first GPU if there is one");
  }
  if (count > 0) return choice.cuda_index < 0 ? 0 : choice.cuda_index;
  warnings.push_back("cuda is not available on this machine: the CPU is used");
  return -1;
}

ModelFile open_user_file(const std::string& path) {
  struct stat status;
  if (stat(path.c_str(), &status) != 0) {
    throw Error(ErrorCode::kModelNotFound,
                "model_path " + path + " cannot be opened: " + std::strerror(errno));
  }
  if (!S_ISREG(status.st_mode)) {
    throw Error(ErrorCode::kModelNotFound,
                "model_path " + path + " is not a file: wanted a TorchScript or safetensors file");
  }
  return {path, sha256_of_file(path), path, nullptr, 0};
}

}  // namespace

std::string selection_key(const Params& params) {
  std::string key;
  for (const auto& [name, text] : to_parameter_map(params)) {
    if (name == "model_path" || name == "model_backbone" || name == "cuda" || name == "engine" ||
        name == "precision" || name == "threads") {
      key += text + '\n';
    }
  }
  struct stat status;
  if (!params.model_path.empty() && stat(params.model_path.c_str(), &status) == 0) {
    key += std::to_string(status.st_size) + ' ' + std::to_string(status.st_mtim.tv_sec) + '.' +
           std::to_string(status.st_mtim.tv_nsec) + ' ' + std::to_string(status.st_ino);
  }
  return key;
}

SelectedModel select_model(const Params& params) {
  if (params.engine == EngineChoice::kNative) {
    throw Error(ErrorCode::kNotSupported,
                "engine native is not built yet; use engine=torchscript or engine=auto");
  }
  SelectedModel selected;
  TorchScriptRequest request;
  request.cuda_index = resolve_device(params.device, selected.warnings);
  request.file = params.model_path.empty() ? torchscript_api().default_model()
                                           : open_user_file(params.model_path);
  request.precision = params.precision;
  request.threads = params.threads;
  selected.model = torchscript_api().open(request);
  selected.name = request.file.name;
  selected.sha256 = request.file.sha256;
  return selected;
}

}  // namespace matting
