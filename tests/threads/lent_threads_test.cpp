#include "threads/lent_threads.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <optional>

namespace workflow {
namespace {

// Runs pieces and counts them.
std::uint32_t count_pieces(const matting::ParallelRunner& runner, std::uint32_t pieces) {
  std::atomic<std::uint32_t> done{0};
  runner.run(
      runner.pool, pieces,
      [](void* data, std::uint32_t) { ++*static_cast<std::atomic<std::uint32_t>*>(data); }, &done);
  return done;
}

TEST(LentThreads, AreOnesOfAllThatLiveAtOnce) {
  std::optional<LentThreads> first(std::in_place);
  const LentThreads second;
  EXPECT_TRUE(first->runner().lent());
  EXPECT_EQ(first->runner(), second.runner());
  EXPECT_EQ(static_cast<std::uint32_t>(second.runner().threads), available_cpus());
  first.reset();
  EXPECT_EQ(count_pieces(second.runner(), 20), 20u);
}

TEST(LentThreads, StartAnewAfterTheLast) {
  for (int round = 0; round < 3; ++round) {
    EXPECT_EQ(count_pieces(LentThreads().runner(), 20), 20u);
  }
}

// The child has none of the parent's threads: what it holds works on its own, and can be dropped.
TEST(LentThreads, SurviveAFork) {
#ifdef __SANITIZE_THREAD__
  GTEST_SKIP() << "ThreadSanitizer cannot start threads after a fork";
#endif
  std::optional<LentThreads> before(std::in_place);
  ASSERT_EQ(count_pieces(before->runner(), 20), 20u);
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    alarm(20);
    const bool held = count_pieces(before->runner(), 20) == 20;
    before.reset();
    const LentThreads made_here;
    _exit(held && count_pieces(made_here.runner(), 20) == 20 ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
  EXPECT_EQ(count_pieces(before->runner(), 20), 20u);
}

}  // namespace
}  // namespace workflow
