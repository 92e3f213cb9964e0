#include "hosts/frei0r/padded_rows.hpp"

#include <dlfcn.h>

#include <cstdlib>
#include <string>

namespace matting::hosts {

bool pads_rows(const void* caller) {
  constexpr int kFirstMajorWithoutPadding = 10;  // of libavfilter, in FFmpeg 7
  static const std::string library = "libavfilter.so.";
  Dl_info info;
  if (dladdr(caller, &info) == 0 || info.dli_fname == nullptr) return false;
  const std::string path = info.dli_fname;
  const std::size_t name = path.rfind('/') + 1;  // npos + 1 is 0
  if (path.compare(name, library.size(), library) != 0) return false;
  return std::atoi(path.c_str() + name + library.size()) < kFirstMajorWithoutPadding;
}

}  // namespace matting::hosts
