// The measure itself: it sees a small leak, and nothing where threads come and go.
#include "memory_growth.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <thread>
#include <vector>

namespace {

std::vector<char> work(int kib) {
  return std::vector<char>(static_cast<std::size_t>(kib) << 10, 'x');
}

TEST(MemoryGrowth, SeesAKibibyteARound) {
  std::vector<std::vector<char>> leaked;
  EXPECT_GT(growth_mib(100, 900, [&] { leaked.push_back(work(1)); }), 0.8);
}

TEST(MemoryGrowth, IsNoneWhereAllIsFreed) {
  int kib = 0;
  const auto round = [&] {
    kib = (kib + 37) % 400;
    std::thread other([kib] { work(kib); });
    work(400 - kib);
    other.join();
  };
  EXPECT_LT(growth_mib(100, 900, round), 0.25);
}

}  // namespace
