#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "error_of.hpp"
#include "host/template_workflow.hpp"

namespace workflow {
namespace {

TEST(WorkflowThreads, ACancelFromAnotherThreadEndsTheRun) {
  Workflow workflow = chain(2, "50");
  workflow.set_progress([&](const Progress& progress) {
    if (progress.total_step == 2) std::thread([&] { workflow.cancel(); }).join();
    EXPECT_LE(progress.total_step, 2u);
  });
  EXPECT_EQ(error_of([&] { workflow.run(); }).code(), WF_CANCELLED);
  EXPECT_TRUE(workflow.get_output(0).empty());
  workflow.set_progress(nullptr);
  workflow.run();
  EXPECT_FALSE(workflow.get_output(0).empty());
}

TEST(WorkflowThreads, ACancelBetweenRunsDoesNothing) {
  Workflow workflow = chain(1, "50");
  workflow.cancel();
  workflow.run();
  workflow.cancel();
  workflow.run();
  EXPECT_FALSE(workflow.get_output(0).empty());
}

TEST(WorkflowThreads, ACancelInTheLastStepStillCancels) {
  Workflow workflow = chain(1, "50");
  workflow.set_progress([&](const Progress& progress) {
    if (progress.step == progress.step_count) workflow.cancel();
  });
  EXPECT_EQ(error_of([&] { workflow.run(); }).code(), WF_CANCELLED);
}

TEST(WorkflowThreads, CancelsAtAnyTimeAreSafe) {
  Workflow workflow = chain(3, "50");
  std::atomic<bool> done{false};
  std::thread other([&] {
    while (!done) workflow.cancel();
  });
  for (int i = 0; i < 200; ++i) {
    const Error error = error_of([&] { workflow.run(); });
    EXPECT_TRUE(error.code() == WF_OK || error.code() == WF_CANCELLED) << error.what();
  }
  done = true;
  other.join();
}

TEST(WorkflowThreads, WorkflowsOfOneRegistryRunAtOnce) {
  const auto registry = template_registry();
  std::vector<std::thread> threads;
  std::atomic<int> right{0};
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 20; ++i) {
        Workflow workflow(registry);
        workflow.set_image_input(flat_image(64, 33, static_cast<std::uint8_t>(10 * t + i)));
        workflow.add_task(kTask);
        workflow.set_parameters(0, {{"amount", "0"}});
        workflow.run();
        right += workflow.get_output(0).row(32)[3] == 10 * t + i;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(right, 80);
}

TEST(WorkflowThreads, PluginsAreLoadedAndListedAtOnce) {
  const auto registry = std::make_shared<PluginRegistry>();
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 20; ++i) {
        registry->load(TEMPLATE_PLUGIN);
        EXPECT_EQ(registry->plugins().size(), 1u);
      }
    });
  }
  for (auto& thread : threads) thread.join();
}

}  // namespace
}  // namespace workflow
