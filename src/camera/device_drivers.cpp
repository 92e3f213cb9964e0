#include "camera/device_drivers.hpp"

extern "C" {
#include <libavdevice/avdevice.h>
#include <libavutil/macros.h>
}

#include <dlfcn.h>

#include <string>

#include "workflow/error.hpp"

namespace workflow::camera {
namespace {

// The version that this was compiled for: its own name changes with its interface.
constexpr const char* kLibrary = "libavdevice.so." AV_STRINGIFY(LIBAVDEVICE_VERSION_MAJOR);

// The library stays: libavformat keeps pointers into it.
decltype(&avdevice_register_all) load() {
  void* const library = dlopen(kLibrary, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  void* const symbol = library ? dlsym(library, "avdevice_register_all") : nullptr;
  if (symbol != nullptr) return reinterpret_cast<decltype(&avdevice_register_all)>(symbol);
  const char* const reason = dlerror();
  throw Error(WF_NOT_SUPPORTED, std::string("cameras need FFmpeg's ") + kLibrary + ": " +
                                    (reason ? reason : "it does not load") +
                                    "; install it (Debian: libavdevice" +
                                    AV_STRINGIFY(LIBAVDEVICE_VERSION_MAJOR) + ")");
}

}  // namespace

void register_device_drivers() {
  static const auto register_all = load();
  register_all();
}

}  // namespace workflow::camera
