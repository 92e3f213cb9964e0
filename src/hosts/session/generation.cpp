#include "hosts/session/generation.hpp"

#include <atomic>

namespace matting::hosts {

std::uint64_t next_generation() {
  static std::atomic<std::uint64_t> last{0};
  return ++last;
}

}  // namespace matting::hosts
