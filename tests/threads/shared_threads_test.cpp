#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <optional>

#include "hosts/lend_threads.hpp"

namespace workflow {
namespace {

using matting::hosts::lend;

// Runs pieces and counts them.
std::uint32_t count_pieces(const matting::ParallelRunner& runner, std::uint32_t pieces) {
  std::atomic<std::uint32_t> done{0};
  runner.run(
      runner.pool, pieces,
      [](void* data, std::uint32_t) { ++*static_cast<std::atomic<std::uint32_t>*>(data); }, &done);
  return done;
}

TEST(SharedThreads, AreOnesOfAllThatLiveAtOnce) {
  std::optional<SharedThreads> first(std::in_place);
  const SharedThreads second;
  EXPECT_TRUE(lend(*first).lent());
  EXPECT_EQ(lend(*first), lend(second));
  EXPECT_EQ(static_cast<std::uint32_t>(lend(second).threads), available_cpus());
  first.reset();
  EXPECT_EQ(count_pieces(lend(second), 20), 20u);
}

TEST(SharedThreads, StartAnewAfterTheLast) {
  for (int round = 0; round < 3; ++round) {
    EXPECT_EQ(count_pieces(lend(SharedThreads()), 20), 20u);
  }
}

// The child has none of the parent's threads: what it holds works on its own, and can be dropped.
TEST(SharedThreads, SurviveAFork) {
#ifdef __SANITIZE_THREAD__
  GTEST_SKIP() << "ThreadSanitizer cannot start threads after a fork";
#endif
  std::optional<SharedThreads> before(std::in_place);
  ASSERT_EQ(count_pieces(lend(*before), 20), 20u);
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    alarm(20);
    const bool held = count_pieces(lend(*before), 20) == 20;
    before.reset();
    const SharedThreads made_here;
    _exit(held && count_pieces(lend(made_here), 20) == 20 ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
  EXPECT_EQ(count_pieces(lend(*before), 20), 20u);
}

}  // namespace
}  // namespace workflow
