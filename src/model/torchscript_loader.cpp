#include "model/torchscript_loader.hpp"

#include <dlfcn.h>
#include <link.h>

#include <fstream>
#include <iterator>
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

// The path of a LibTorch that this process has loaded, or "".
std::string loaded_libtorch() {
  std::string path;
  dl_iterate_phdr(
      [](dl_phdr_info* info, std::size_t, void* found) {
        const std::string name = info->dlpi_name;
        if (name.find("/libc10.so") == std::string::npos) return 0;
        *static_cast<std::string*>(found) = name;
        return 1;
      },
      &path);
  return path;
}

// Two LibTorch in one process abort it while the second one is loaded. Which one the module needs
// stands in its ELF file, as a name between two NULs.
void check_libtorch(const std::string& module_path) {
  const std::string loaded = loaded_libtorch();
  if (loaded.empty()) return;
  std::ifstream file(module_path, std::ios::binary);
  const std::string bytes(std::istreambuf_iterator<char>(file), {});
  const std::string name = loaded.substr(loaded.rfind('/') + 1);
  if (bytes.empty() || bytes.find('\0' + name + '\0') != std::string::npos) return;
  throw Error(ErrorCode::kNotSupported,
              "the torchscript engine was built with another LibTorch than the one that this "
              "process has loaded, " +
                  loaded +
                  ", and both do not fit in one process; build it with that one "
                  "(CMAKE_PREFIX_PATH), use engine=native, or run it in a process of its own");
}

const TorchScriptApi* load_module() {
  const std::string path = own_folder() + "/" + kModuleFile;
  check_libtorch(path);
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
