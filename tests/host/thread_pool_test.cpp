// The threads that the host lends to plugins.
#include "threads/thread_pool.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <ctime>
#include <future>
#include <numeric>
#include <thread>
#include <vector>

#include "host/host_interface.hpp"

namespace workflow {
namespace {

// Runs body(piece) for each piece.
template <class Body>
void run(ThreadPool& pool, std::uint32_t count, const Body& body) {
  pool.run(
      count, [](void* data, std::uint32_t piece) { (*static_cast<const Body*>(data))(piece); },
      const_cast<Body*>(&body));
}

TEST(ThreadPool, DoesEachPieceOnce) {
  for (std::uint32_t threads : {0u, 1u, 2u, 5u}) {
    ThreadPool pool(threads);
    EXPECT_EQ(pool.thread_count(), std::max(threads, 1u));
    for (std::uint32_t count : {0u, 1u, 2u, 7u, 300u}) {
      std::vector<std::atomic<int>> done(count);
      run(pool, count, [&](std::uint32_t piece) { ++done[piece]; });
      for (const auto& times : done) EXPECT_EQ(times, 1) << threads << " threads";
    }
  }
}

TEST(ThreadPool, ReturnsWhenAllIsDone) {
  ThreadPool pool(3);
  for (int round = 0; round < 2000; ++round) {
    int values[4] = {};
    run(pool, 4, [&](std::uint32_t piece) { values[piece] = 1; });
    ASSERT_EQ(std::accumulate(values, values + 4, 0), 4) << round;
  }
}

TEST(ThreadPool, WorksAtOnce) {
  ThreadPool pool(2);
  std::promise<void> begun[2];
  run(pool, 2, [&](std::uint32_t piece) {
    begun[piece].set_value();
    const auto other = begun[1 - piece].get_future().wait_for(std::chrono::seconds(60));
    EXPECT_EQ(other, std::future_status::ready) << "the pieces ran one after another";
  });
}

TEST(ThreadPool, ServesSeveralCallers) {
  ThreadPool pool(3);
  std::atomic<int> sum{0};
  std::vector<std::thread> callers;
  for (int caller = 0; caller < 4; ++caller) {
    callers.emplace_back([&] {
      for (int round = 0; round < 300; ++round) {
        int own[5] = {};
        run(pool, 5, [&](std::uint32_t piece) { own[piece] = 1; });
        sum += std::accumulate(own, own + 5, 0);
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(sum, 4 * 300 * 5);
}

// What spins takes a CPU's whole time, or, on a busy machine, what it gets of it: never too little.
TEST(ThreadPool, SleepsWhileThereIsNothingToDo) {
  ThreadPool pool(3);
  run(pool, 3, [](std::uint32_t) {});
  const std::clock_t before = std::clock();
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  EXPECT_LT(std::clock() - before, CLOCKS_PER_SEC / 20);
}

TEST(LentThreads, AreOfferedToPlugins) {
  const wf_host& host = anonymous_host();
  const auto* threads =
      static_cast<const wf_threads_extension*>(host.get_extension(&host, WF_EXT_THREADS));
  ASSERT_NE(threads, nullptr);
  ASSERT_GE(threads->struct_size, sizeof(wf_threads_extension));
  EXPECT_EQ(threads->thread_count(&host), available_cpus());
  std::atomic<int> done{0};
  threads->run(
      &host, 9, [](void* data, std::uint32_t) { ++*static_cast<std::atomic<int>*>(data); }, &done);
  EXPECT_EQ(done, 9);
}

}  // namespace
}  // namespace workflow
