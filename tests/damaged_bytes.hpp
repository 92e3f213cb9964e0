// Damaged copies of a file's bytes, for what reads it.
#ifndef TESTS_DAMAGED_BYTES_HPP
#define TESTS_DAMAGED_BYTES_HPP

#include <algorithm>
#include <random>
#include <string>

// The same `count` copies each time: bits flipped, numbers made huge, bytes cut out, doubled or put
// in, the end cut off; one to four such wounds in each copy. Calls work(copy).
template <typename Work>
void for_damaged(const std::string& bytes, int count, const Work& work) {
  std::mt19937 random(20261126);
  const auto below = [&](std::size_t limit) { return limit == 0 ? 0 : random() % limit; };
  for (int i = 0; i < count; ++i) {
    std::string copy = bytes;
    for (std::size_t wounds = 1 + below(4); wounds > 0; --wounds) {
      const std::size_t at = below(copy.size());
      const std::size_t length = std::min(copy.size() - at, 1 + below(16));
      switch (below(7)) {
        case 0:
          if (!copy.empty()) copy[at] = static_cast<char>(copy[at] ^ (1 << below(8)));
          break;
        case 1:
          copy.replace(at, length, length, static_cast<char>(below(2) ? 0xff : 0));
          break;
        case 2:
          copy.erase(at, length);
          break;
        case 3:
          copy.insert(at, copy.substr(at, length));
          break;
        case 4:  // as text: nested too deep, a value of another kind, a number out of range
          copy.insert(at, 1 + below(200), "[{\"9-e"[below(6)]);
          break;
        case 5:
          if (const auto digit = copy.find_first_of("0123456789", at); digit != copy.npos) {
            copy.replace(digit, 1, below(2) ? "99999999999999999999" : "-1");
          }
          break;
        default:
          if (below(4) == 0) copy.resize(at);
      }
    }
    work(copy);
  }
}

#endif  // TESTS_DAMAGED_BYTES_HPP
