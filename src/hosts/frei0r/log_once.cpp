#include "hosts/frei0r/log_once.hpp"

#include <cstdio>
#include <mutex>
#include <set>

namespace matting::hosts {

void log_once(const std::string& text) {
  static std::mutex mutex;
  static std::set<std::string> logged;
  const std::lock_guard<std::mutex> lock(mutex);
  if (!logged.insert(text).second) return;
  std::fprintf(stderr, "infer_background_matting: %s\n", text.c_str());
}

}  // namespace matting::hosts
