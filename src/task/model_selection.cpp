#include "task/model_selection.hpp"

#include <dlfcn.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "catalog/model_folder.hpp"
#include "infer_background_matting/error.hpp"
#include "model/open_model.hpp"
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

// The first GPU; or the CPU, -1, where there is none or no LibTorch that could use it.
int first_gpu(Warnings& warnings) {
  std::string reason;
  try {
    if (count_gpus() > 0) return 0;
  } catch (const Error& error) {
    reason = std::string(" (") + error.what() + ')';
  }
  warnings.push_back("cuda is not available on this machine: the CPU is used" + reason);
  return -1;
}

// Index of the GPU to use, or -1 for the CPU.
int resolve_device(const DeviceChoice& choice, Warnings& warnings) {
  if (!choice.cuda) return -1;
  if (choice.cuda_index < 0) return first_gpu(warnings);
  const int count = count_gpus();
  if (choice.cuda_index < count) return choice.cuda_index;
  throw Error(ErrorCode::kDeviceUnavailable,
              "cuda:" + std::to_string(choice.cuda_index) + " was asked for, but there " +
                  (count == 1 ? "is 1 GPU" : "are " + std::to_string(count) + " GPUs") +
                  "; set cuda to cpu, or to cuda for the first GPU if there is one");
}

ModelFile user_file(const std::string& path) {
  struct stat status;
  if (stat(path.c_str(), &status) != 0) {
    throw Error(ErrorCode::kModelNotFound,
                "model_path " + path + " cannot be opened: " + std::strerror(errno));
  }
  if (!S_ISREG(status.st_mode)) {
    throw Error(ErrorCode::kModelNotFound,
                "model_path " + path + " is not a file: wanted a TorchScript or safetensors file");
  }
  return {path, remembered_sha256(path), path, nullptr, 0};
}

const char* backbone_name(Backbone backbone) {
  switch (backbone) {
    case Backbone::kMobileNetV2:
      return "mobilenetv2";
    case Backbone::kResNet50:
      return "resnet50";
    case Backbone::kResNet101:
      return "resnet101";
  }
  return "mobilenetv2";
}

ModelFile choose_file(const Params& params) {
  if (!params.model_path.empty()) return user_file(params.model_path);
  const auto installed = find_model(backbone_name(params.backbone));
  if (!installed) return {"default", "", "", nullptr, 0};
  return {installed->name, installed->sha256, installed->path, nullptr, 0};
}

void look_up(SelectedModel& selected) {
  const Catalog catalog = Catalog::current();
  const CatalogEntry* entry = catalog.find_sha256(selected.sha256);
  if (entry == nullptr) return;
  selected.backbone_min_side = entry->backbone_min_side;
  selected.backbone_fine_side = entry->backbone_fine_side;
  selected.plate_projection = entry->plate_projection;
}

// What stat knows of a file; changes when the file does.
std::string file_state(const std::string& path) {
  struct stat status;
  if (path.empty() || stat(path.c_str(), &status) != 0) return path;
  return path + ' ' + std::to_string(status.st_ino) + ' ' + std::to_string(status.st_size) + ' ' +
         std::to_string(status.st_mtim.tv_sec) + '.' + std::to_string(status.st_mtim.tv_nsec);
}

}  // namespace

std::string selection_key(const Params& params) {
  ParameterMap map = to_parameter_map(params);
  std::string key = file_state(params.model_path);
  for (const char* name : {"model_backbone", "cuda", "engine", "precision", "threads"}) {
    key += '\n' + map[name];
  }
  return key;
}

SelectedModel select_model(const Params& params, const ParallelRunner& runner) {
  SelectedModel selected;
  OpenRequest request;
  request.engine = params.engine;
  request.precision = params.precision;
  request.threads = params.threads;
  request.runner = runner;
  // The native engine has no GPU to look for.
  const bool native = params.engine == EngineChoice::kNative && params.device.cuda_index < 0;
  request.cuda_index = native ? -1 : resolve_device(params.device, selected.warnings);
  request.needs_gpu = params.device.cuda_index >= 0;
  request.file = choose_file(params);
  OpenedModel opened = open_model(request);
  selected.model = std::move(opened.model);
  selected.name = request.file.name;
  selected.sha256 = opened.sha256;
  look_up(selected);
  selected.warnings.insert(selected.warnings.end(), opened.notes.begin(), opened.notes.end());
  return selected;
}

}  // namespace matting
