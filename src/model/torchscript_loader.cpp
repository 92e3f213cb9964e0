#include "model/torchscript_loader.hpp"

#include <dlfcn.h>

#include <mutex>
#include <string>

#include "infer_background_matting/error.hpp"

namespace matting {
namespace {

constexpr const char* kModuleFile = "infer_background_matting/torchscript.so";

// The folder of the library or program that holds this function.
std::string own_folder() {
  Dl_info info;
  if (dladdr(reinterpret_cast<const void*>(&own_folder), &info) == 0 || !info.dli_fname) return ".";
  const std::string path = info.dli_fname;
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, slash);
}

const TorchScriptApi* load_module() {
  const std::string path = own_folder() + "/" + kModuleFile;
  void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  void* symbol = library ? dlsym(library, kTorchScriptApiSymbol) : nullptr;
  if (symbol == nullptr) {
    const char* reason = dlerror();
    throw Error(ErrorCode::kNotSupported,
                "the torchscript engine cannot be loaded from " + path + ": " +
                    (reason ? reason : "unknown reason") +
                    "; install it beside the library, or use engine=native");
  }
  return reinterpret_cast<TorchScriptApiFunction>(symbol)();
}

}  // namespace

const TorchScriptApi& torchscript_api() {
  static std::mutex mutex;
  static const TorchScriptApi* api = nullptr;
  const std::lock_guard<std::mutex> lock(mutex);
  if (api == nullptr) api = load_module();
  return *api;
}

}  // namespace matting
