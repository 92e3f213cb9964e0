#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "error_of.hpp"
#include "host/template_workflow.hpp"

namespace workflow {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

TEST(WorkflowGraph, OutputsAreThoseOfFinalTasks) {
  Workflow workflow(template_registry());
  for (int i = 0; i < 3; ++i) workflow.add_task(kTask, false);
  EXPECT_EQ(workflow.outputs().size(), 3u);
  workflow.connect(0, 0, 2, 0);
  ASSERT_EQ(workflow.outputs().size(), 2u);
  EXPECT_EQ(workflow.outputs()[0].task, 1);
  EXPECT_EQ(workflow.outputs()[1].task, 2);
  workflow.disconnect(2, 0);
  EXPECT_EQ(workflow.outputs().size(), 3u);
}

TEST(WorkflowGraph, ConnectingAgainReplaces) {
  Workflow workflow(template_registry());
  workflow.add_task(kTask, false);
  workflow.connect(kRoot, 0, 0, 0);
  workflow.connect(kRoot, 5, 0, 0);
  ASSERT_EQ(workflow.connections().size(), 1u);
  EXPECT_EQ(workflow.connections()[0].output, 5);
}

TEST(WorkflowGraph, ParametersAreSetWholeOrNotAtAll) {
  Workflow workflow(template_registry());
  const int task = workflow.add_task(kTask);
  EXPECT_THAT(workflow.parameters(task), ElementsAre(Pair("amount", "50")));
  workflow.set_parameters(task, {{"amount", "7"}});
  const Error value = error_of([&] { workflow.set_parameters(task, {{"amount", "101"}}); });
  EXPECT_EQ(value.code(), WF_BAD_PARAMETER_VALUE);
  EXPECT_THAT(value.what(), AllOf(HasSubstr(kTask), HasSubstr("amount"), HasSubstr("101"),
                                  HasSubstr("0 to 100")));
  const Error key = error_of([&] {
    workflow.set_parameters(task, {{"amount", "8"}, {"bogus", "1"}});
  });
  EXPECT_EQ(key.code(), WF_UNKNOWN_PARAMETER);
  EXPECT_THAT(key.what(), HasSubstr("bogus"));
  EXPECT_THAT(workflow.parameters(task), ElementsAre(Pair("amount", "7")));
}

TEST(WorkflowGraph, NumbersThatDoNotExistAreRefused) {
  Workflow workflow = chain(1, "50");
  const auto code = [&](auto action) { return error_of(action).code(); };
  EXPECT_EQ(code([&] { workflow.set_parameters(1, {}); }), WF_INDEX_OUT_OF_RANGE);
  EXPECT_EQ(code([&] { workflow.parameters(-1); }), WF_INDEX_OUT_OF_RANGE);
  EXPECT_EQ(code([&] { workflow.task_info(9); }), WF_INDEX_OUT_OF_RANGE);
  EXPECT_EQ(code([&] { workflow.connect(3, 0, 0, 0); }), WF_INDEX_OUT_OF_RANGE);
  EXPECT_EQ(code([&] { workflow.disconnect(0, 2); }), WF_INDEX_OUT_OF_RANGE);
  EXPECT_EQ(code([&] { workflow.get_output(1); }), WF_INDEX_OUT_OF_RANGE);
  EXPECT_EQ(code([&] { workflow.get_task_output(0, 1); }), WF_INDEX_OUT_OF_RANGE);
  EXPECT_EQ(code([&] { workflow.get_task_output(kRoot, 0); }), WF_INDEX_OUT_OF_RANGE);
  EXPECT_EQ(code([&] { workflow.set_wanted_outputs({{0, 4}}); }), WF_INDEX_OUT_OF_RANGE);
  EXPECT_EQ(code([&] { workflow.set_wanted_outputs({{kRoot, 0}}); }), WF_INDEX_OUT_OF_RANGE);
}

TEST(WorkflowGraph, AnUnknownTaskChangesNothing) {
  Workflow workflow = chain(1, "50");
  EXPECT_EQ(error_of([&] { workflow.add_task("nothing"); }).code(), WF_UNKNOWN_TASK);
  EXPECT_EQ(workflow.task_count(), 1);
  workflow.run();
}

TEST(WorkflowGraph, ATaskThatCannotBeMadeIsNotAdded) {
  auto registry = std::make_shared<PluginRegistry>();
  registry->load(BROKEN_PLUGINS "broken_create_fails.so");
  Workflow workflow(registry);
  const Error error = error_of([&] { workflow.add_task("broken_task"); });
  EXPECT_EQ(error.code(), WF_OUT_OF_MEMORY);
  EXPECT_THAT(error.what(), HasSubstr("broken_task: no room for one more"));
  EXPECT_EQ(workflow.task_count(), 0);
}

TEST(WorkflowGraph, NeedsARegistry) {
  EXPECT_EQ(error_of([] { Workflow workflow(nullptr); }).code(), WF_INVALID_ARGUMENT);
}

}  // namespace
}  // namespace workflow
