#include "host/graph.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "error_of.hpp"

namespace workflow {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// A task of so many required and optional inputs, and outputs.
class TaskShape {
 public:
  TaskShape(const char* name, std::uint32_t required, std::uint32_t optional,
            std::uint32_t outputs) {
    for (std::uint32_t i = 0; i < required + optional; ++i) {
      ports_.push_back(i < required ? &kRequired : &kOptional);
    }
    info_.name = name;
    info_.input_count = required + optional;
    info_.output_count = outputs;
    info_.inputs = ports_.data();
  }
  TaskShape(const TaskShape&) = delete;
  TaskShape& operator=(const TaskShape&) = delete;
  operator const wf_task_info&() const { return info_; }

 private:
  static constexpr wf_port_info kRequired = {sizeof(wf_port_info), 1, "in", ""};
  static constexpr wf_port_info kOptional = {sizeof(wf_port_info), 0, "maybe", ""};
  std::vector<const wf_port_info*> ports_;
  wf_task_info info_ = {};
};

std::vector<std::vector<int>> list(const Graph& graph) {
  std::vector<std::vector<int>> result;
  for (const auto& c : graph.connections())
    result.push_back({c.source, c.output, c.target, c.input});
  return result;
}

TEST(Graph, TheFirstTaskTakesInputImagesByIndex) {
  Graph graph;
  graph.add(TaskShape("a", 2, 2, 4));
  graph.connect_newest();
  EXPECT_THAT(list(graph), ElementsAre(ElementsAre(-1, 0, 0, 0), ElementsAre(-1, 1, 0, 1),
                                       ElementsAre(-1, 2, 0, 2), ElementsAre(-1, 3, 0, 3)));
}

TEST(Graph, ALaterTaskTakesTheLeastConnectedOutputs) {
  Graph graph;
  graph.add(TaskShape("a", 1, 0, 2));
  graph.add(TaskShape("b", 3, 1, 1));
  graph.connect_newest();
  EXPECT_THAT(list(graph), ElementsAre(ElementsAre(0, 0, 1, 0), ElementsAre(0, 1, 1, 1),
                                       ElementsAre(0, 0, 1, 2)));
}

TEST(Graph, ATaskWithoutOutputsGivesNothing) {
  Graph graph;
  graph.add(TaskShape("a", 1, 0, 0));
  graph.add(TaskShape("b", 1, 0, 1));
  graph.connect_newest();
  EXPECT_TRUE(graph.connections().empty());
}

TEST(Graph, PlansTasksBehindThoseTheyTakeFrom) {
  const TaskShape shape("t", 1, 1, 1);
  Graph graph;
  for (int i = 0; i < 4; ++i) graph.add(shape);
  graph.connect({3, 0, 1, 0});  // 3 -> 1 -> 0, and 2 on its own
  graph.connect({1, 0, 0, 0});
  EXPECT_THAT(graph.final_tasks(), ElementsAre(0, 2));
  EXPECT_THAT(graph.plan({{0, 0}}).order, ElementsAre(3, 1, 0));
  EXPECT_THAT(graph.plan({{2, 0}, {1, 0}}).order, ElementsAre(2, 3, 1));
}

TEST(Graph, PlansOnlyOutputsThatAreReadOrWanted) {
  const TaskShape shape("t", 1, 0, 3);
  Graph graph;
  graph.add(shape);
  graph.add(shape);
  graph.connect({0, 2, 1, 0});
  const RunPlan plan = graph.plan({{1, 1}});
  EXPECT_THAT(plan.needed_outputs[0], ElementsAre(false, false, true));
  EXPECT_THAT(plan.needed_outputs[1], ElementsAre(false, true, false));
}

TEST(Graph, RefusesCyclesWithTheWay) {
  const TaskShape shape("t", 1, 0, 1);
  Graph graph;
  for (int i = 0; i < 3; ++i) graph.add(shape);
  graph.connect({0, 0, 1, 0});
  graph.connect({1, 0, 2, 0});
  const Error error = error_of([&] { graph.connect({2, 0, 0, 0}); });
  EXPECT_EQ(error.code(), WF_WORKFLOW_INVALID);
  EXPECT_THAT(error.what(), HasSubstr("task 2 (t) -> task 0 (t) -> task 1 (t) -> task 2 (t)"));
  EXPECT_EQ(error_of([&] { graph.connect({1, 0, 1, 0}); }).code(), WF_WORKFLOW_INVALID);
  EXPECT_EQ(graph.connections().size(), 2u);
}

TEST(Graph, RefusesNumbersThatDoNotExist) {
  Graph graph;
  graph.add(TaskShape("t", 1, 0, 1));
  const auto code = [&](Connection c) { return error_of([&] { graph.connect(c); }).code(); };
  EXPECT_EQ(code({-1, 0, 1, 0}), WF_INDEX_OUT_OF_RANGE);
  EXPECT_EQ(code({-1, 0, -1, 0}), WF_INDEX_OUT_OF_RANGE);
  EXPECT_EQ(code({-1, 0, 0, 1}), WF_INDEX_OUT_OF_RANGE);
  EXPECT_EQ(code({-1, 256, 0, 0}), WF_INDEX_OUT_OF_RANGE);
  EXPECT_EQ(code({-1, -1, 0, 0}), WF_INDEX_OUT_OF_RANGE);
  EXPECT_EQ(code({-2, 0, 0, 0}), WF_INDEX_OUT_OF_RANGE);
  EXPECT_EQ(code({0, 1, 0, 0}), WF_INDEX_OUT_OF_RANGE);
  EXPECT_THAT(error_of([&] {
                graph.connect({-1, 0, 0, 7});
              }).what(),
              AllOf(HasSubstr("task 0 (t): input 7"), HasSubstr("0 to 0")));
}

TEST(Graph, HasALimitThatALongChainReaches) {
  const TaskShape shape("t", 1, 0, 1);
  Graph graph;
  for (int i = 0; i < 1000; ++i) {
    graph.add(shape);
    graph.connect_newest();
  }
  EXPECT_EQ(graph.plan({{999, 0}}).order.size(), 1000u);
  EXPECT_EQ(error_of([&] { graph.add(shape); }).code(), WF_TOO_LARGE);
}

}  // namespace
}  // namespace workflow
