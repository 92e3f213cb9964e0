// Threads: those that an application lends, and sharing of the process's own.
#include "engine/threads.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <stdexcept>
#include <thread>
#include <vector>

#include "engine/calibration.hpp"
#include "engine/engine.hpp"
#include "engine/made_up_weights.hpp"
#include "engine/no_observer.hpp"
#include "engine/noise.hpp"

namespace matting::engine {
namespace {

// Lends a new thread for each piece, and counts.
class Pool {
 public:
  ParallelRunner runner(int threads) { return {threads, run, this}; }

  int calls = 0;
  std::atomic<int> pieces{0};
  std::uint32_t most_pieces = 0;

 private:
  static void run(void* pool, std::uint32_t count, void (*work)(void*, std::uint32_t), void* data) {
    auto& self = *static_cast<Pool*>(pool);
    ++self.calls;
    self.most_pieces = std::max(self.most_pieces, count);
    std::vector<std::thread> threads;
    for (std::uint32_t piece = 0; piece < count; ++piece) {
      threads.emplace_back([=, &self] {
        work(data, piece);
        ++self.pieces;
      });
    }
    for (std::thread& thread : threads) thread.join();
  }
};

TEST(LentThreads, DoEveryItemOnceAndKnowTheirNumber) {
  Pool pool;
  const LentThreads lent(3, pool.runner(8));
  EXPECT_EQ(team_size(), 3);
  std::vector<std::atomic<int>> done(100);
  std::atomic<int> wrong{0};
  parallel_for(100, [&](int i, int thread) {
    ++done[i];
    wrong += thread < 0 || thread >= 3 || omp_get_max_threads() != 1;
  });
  for (const auto& times : done) EXPECT_EQ(times, 1);
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(pool.calls, 1);
  EXPECT_EQ(pool.pieces, 3);
  parallel_for(2, [](int, int) {});
  EXPECT_EQ(pool.pieces, 5) << "no more pieces than items";
}

TEST(LentThreads, PassExceptionsOn) {
  Pool pool;
  const LentThreads lent(2, pool.runner(2));
  EXPECT_THROW(parallel_for(20,
                            [](int i, int) {
                              if (i == 7) throw std::runtime_error("seven");
                            }),
               std::runtime_error);
}

TEST(LentThreads, AreLeftWhenTheScopeEnds) {
  const int before = team_size();
  {
    Pool pool;
    const LentThreads lent(before + 5, pool.runner(before + 5));
    EXPECT_EQ(team_size(), before + 5);
  }
  EXPECT_EQ(team_size(), before);
}

std::vector<std::uint8_t> alpha_of(Backbone backbone, int width, int height,
                                   const EngineOptions& options) {
  const Image image = noise(width, height, 1), plate = noise(width, height, 2);
  WeightMap weights = made_up_weights(backbone);
  if (options.precision == Precision::kInt8) {
    weights.merge(calibration_of(Network(weights), image.view(), plate.view(),
                                 NetworkSettings().backbone_scale));
  }
  const auto network = std::make_shared<const Network>(std::move(weights));
  std::vector<std::uint8_t> alpha(static_cast<std::size_t>(width) * height);
  Frame frame;
  frame.image = image.view();
  frame.plate = plate.view();
  frame.alpha = {PixelFormat::kGray8, width, height, width, alpha.data()};
  NetworkSettings settings;
  settings.refine_mode = RefineMode::kFull;  // a sample may differ in patches of equal error
  NoObserver observer;
  Engine(network, options).run(settings, frame, observer);
  return alpha;
}

// Any number of lent threads gives the same bytes; OpenMP's gives them within rounding, since
// oneDNN then sees whole maps instead of bands.
TEST(LentThreads, GiveTheMatteOfTheOwnOnes) {
  for (const auto& [backbone, width, height] : {std::tuple(Backbone::kMobileNetV2, 321, 203),
                                                {Backbone::kMobileNetV2, 64, 400},
                                                {Backbone::kResNet50, 131, 90}}) {
    EngineOptions options;
    options.precision = Precision::kFp32;
    const auto own = alpha_of(backbone, width, height, options);
    std::vector<std::uint8_t> first;
    for (int threads : {1, 3}) {
      Pool pool;
      options.runner = pool.runner(threads);
      const auto lent = alpha_of(backbone, width, height, options);
      if (first.empty()) first = lent;
      EXPECT_EQ(lent, first) << width << "x" << height;
      for (std::size_t i = 0; i < own.size(); ++i) ASSERT_NEAR(lent[i], own[i], 1) << i;
      EXPECT_GT(pool.calls, 10);
      EXPECT_LE(pool.most_pieces, static_cast<std::uint32_t>(threads));
    }
  }
}

TEST(LentThreads, AnyNumberGivesTheSameMatteInIntegers) {
  if (process_isa() < Isa::kAvx2) GTEST_SKIP() << "this CPU has no int8";
  for (Backbone backbone : {Backbone::kMobileNetV2, Backbone::kResNet50}) {
    EngineOptions options;
    options.precision = Precision::kInt8;
    options.threads = 1;
    const auto own = alpha_of(backbone, 321, 203, options);
    options.threads = 2;
    EXPECT_EQ(alpha_of(backbone, 321, 203, options), own);
    std::vector<std::uint8_t> first;
    for (int threads : {1, 3}) {
      Pool pool;
      options.threads = 0;
      options.runner = pool.runner(threads);
      const auto lent = alpha_of(backbone, 321, 203, options);
      if (first.empty()) first = lent;
      EXPECT_EQ(lent, first);
      EXPECT_GT(pool.calls, 10);
    }
  }
}

TEST(LentThreads, ThreadsLimitsThem) {
  Pool pool;
  const auto network = std::make_shared<const Network>(made_up_weights(Backbone::kMobileNetV2));
  const auto options = [&](int threads) {
    EngineOptions made;
    made.threads = threads;
    made.runner = pool.runner(5);
    return made;
  };
  EXPECT_EQ(Engine(network, options(2)).threads(), 2);
  EXPECT_EQ(Engine(network, options(0)).threads(), 5);
  EXPECT_EQ(Engine(network, options(9)).threads(), 5);
}

// A caller's own OpenMP region: the engine's are then nested in it, and OpenMP gives those one
// thread each unless it is told otherwise.
TEST(NestedRegions, GiveTheMatteOfTheOwnThreads) {
  EngineOptions options;
  options.precision = Precision::kFp32;
  options.threads = 2;
  const auto wanted = alpha_of(Backbone::kMobileNetV2, 321, 203, options);
  for (int levels : {1, 2}) {
    const int before = omp_get_max_active_levels();
    omp_set_max_active_levels(levels);
    std::vector<std::uint8_t> found[2];
#pragma omp parallel for num_threads(2)
    for (int i = 0; i < 2; ++i) {
      found[i] = alpha_of(Backbone::kMobileNetV2, 321, 203, options);
    }
    omp_set_max_active_levels(before);
    EXPECT_EQ(found[0], wanted) << levels << " active levels";
    EXPECT_EQ(found[1], wanted) << levels << " active levels";
  }
}

// Engines in several threads never run with more threads than the process has.
TEST(ThreadLease, IsNeverMoreThanThereIs) {
  const int all = hardware_threads();
  std::atomic<int> taken{0}, most{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([&, i] {
      const int count = i % 2 == 0 ? 1 : all + 3;  // more than there are counts as all
      for (int round = 0; round < 50; ++round) {
        const ThreadLease lease(count);
        const int now = taken += std::min(count, all);
        for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) continue;
        std::this_thread::yield();
        taken -= std::min(count, all);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_LE(most, all);
  EXPECT_GE(most, 1);
}

}  // namespace
}  // namespace matting::engine
