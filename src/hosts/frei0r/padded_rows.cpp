#include "hosts/frei0r/padded_rows.hpp"

#include <dlfcn.h>

#include <string>

namespace matting::hosts {
namespace {

constexpr unsigned kPaddingStep = 16;  // the largest: such widths no version pads

// The version of libavfilter, if code at this address is in it: major, minor and micro in bytes.
unsigned libavfilter_version(const void* code) {
  Dl_info info;
  if (dladdr(code, &info) == 0 || info.dli_fname == nullptr) return 0;
  if (std::string(info.dli_fname).find("libavfilter.so.") == std::string::npos) return 0;
  void* const library = dlopen(info.dli_fname, RTLD_LAZY | RTLD_NOLOAD);
  if (library == nullptr) return 0;
  const auto version = reinterpret_cast<unsigned (*)()>(dlsym(library, "avfilter_version"));
  const unsigned number = version ? version() : 0;
  dlclose(library);  // the caller keeps it
  return number;
}

constexpr unsigned version_of(unsigned major, unsigned minor) {
  return major << 16 | minor << 8;
}

}  // namespace

std::optional<unsigned> row_pixels(const void* caller, unsigned width) {
  const unsigned in_steps = (width + kPaddingStep - 1) / kPaddingStep * kPaddingStep;
  if (width == in_steps) return width;
  const unsigned version = libavfilter_version(caller) & ~0xffu;
  if (version == 0 || version >= version_of(10, 0)) return width;  // no FFmpeg, or 7 and later
  if (version == version_of(8, 44)) return in_steps;               // FFmpeg 5.1, all of them
  return std::nullopt;
}

}  // namespace matting::hosts
