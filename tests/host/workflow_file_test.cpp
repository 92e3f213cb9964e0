#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "damaged_bytes.hpp"
#include "error_of.hpp"
#include "host/template_workflow.hpp"
#include "temporary_folder.hpp"

namespace workflow {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

const char kTwoTasks[] = R"({
  "api": "1.1",
  "connections": [
    {"source_id": -1, "source_index": 0, "target_id": 7, "target_index": 0},
    {"source_id": 7, "source_index": 0, "target_id": 3, "target_index": 0}
  ],
  "metadata": {"made": "by hand"},
  "tasks": [
    {"task_id": 7, "task_data": {"name": "template_blend", "url": "",
                                 "parameters": [{"name": "amount", "value": "100"}]}},
    {"task_id": 3, "task_data": {"name": "template_blend"}}
  ]
})";

class WorkflowFile : public ::testing::Test {
 protected:
  std::string write(const std::string& text) {
    std::ofstream(folder_.file("flow.json")) << text;
    return folder_.file("flow.json");
  }
  // What loading kTwoTasks with one part replaced says.
  Error failure(const std::string& part, const std::string& replacement) {
    std::string text = kTwoTasks;
    text.replace(text.find(part), part.size(), replacement);
    Workflow workflow(template_registry());
    return error_of([&] { workflow.load(write(text)); });
  }
  TemporaryFolder folder_;
};

std::string text_of(const std::string& path) {
  std::ifstream stream(path);
  return {std::istreambuf_iterator<char>(stream), {}};
}

TEST_F(WorkflowFile, LoadsWithIdsOfItsOwn) {
  Workflow workflow(template_registry());
  workflow.load(write(kTwoTasks));
  ASSERT_EQ(workflow.task_count(), 2);
  EXPECT_EQ(workflow.parameters(0)["amount"], "100");
  EXPECT_EQ(workflow.parameters(1)["amount"], "50");
  ASSERT_EQ(workflow.connections().size(), 2u);
  EXPECT_EQ(workflow.connections()[1].source, 0);
  EXPECT_EQ(workflow.connections()[1].target, 1);
}

TEST_F(WorkflowFile, SaveAndLoadGiveTheSame) {
  Workflow first = chain(3, "37");
  first.connect(kRoot, 2, 1, 1);
  first.save(folder_.file("a.json"));
  Workflow second(template_registry());
  second.set_image_input(flat_image(20, 17, 55));
  second.load(folder_.file("a.json"));
  second.save(folder_.file("b.json"));
  EXPECT_EQ(text_of(folder_.file("a.json")), text_of(folder_.file("b.json")));
  first.run();
  second.run();
  EXPECT_EQ(first.get_output(0).row(9)[9], second.get_output(0).row(9)[9]);
  EXPECT_EQ(first.to_json(), second.to_json());
}

TEST_F(WorkflowFile, SyntaxErrorsHaveAPlace) {
  const Error error = failure("\"api\": \"1.1\",", "\"api\": \"1.1\" oops");
  EXPECT_EQ(error.code(), WF_WORKFLOW_INVALID);
  EXPECT_THAT(error.what(), AllOf(HasSubstr("flow.json"), HasSubstr("line 2, column")));
  for (const char* text : {"", "[", "{\"tasks\": [}", "\xff\xfe", "nonsense"}) {
    Workflow workflow(template_registry());
    EXPECT_EQ(error_of([&] { workflow.load(write(text)); }).code(), WF_WORKFLOW_INVALID) << text;
  }
}

TEST_F(WorkflowFile, DeepNestingIsNoDanger) {
  Workflow workflow(template_registry());
  const std::string deep(1'000'000, '[');
  EXPECT_EQ(error_of([&] { workflow.load(write(deep)); }).code(), WF_WORKFLOW_INVALID);
  const std::string closed = deep + std::string(deep.size(), ']');
  EXPECT_EQ(error_of([&] { workflow.load(write(closed)); }).code(), WF_WORKFLOW_INVALID);
}

TEST_F(WorkflowFile, MissingAndWrongFieldsAreNamed) {
  EXPECT_THAT(failure("\"api\": \"1.1\",", "").what(), HasSubstr("api is missing"));
  EXPECT_THAT(failure("\"tasks\"", "\"jobs\"").what(), HasSubstr("tasks is missing"));
  EXPECT_THAT(failure("{\"name\": \"template_blend\"}", "{}").what(),
              HasSubstr("tasks[1].task_data.name is missing"));
  EXPECT_THAT(failure("\"value\": \"100\"", "\"value\": 100").what(),
              HasSubstr("tasks[0].task_data.parameters[0].value: wanted a string, found number"));
  EXPECT_THAT(failure("\"source_index\": 0", "\"source_index\": 0.5").what(),
              HasSubstr("connections[0].source_index: wanted an integer"));
  EXPECT_THAT(failure("\"source_index\": 0", "\"source_index\": 99999999999").what(),
              HasSubstr("connections[0].source_index: wanted an integer of 32 bits"));
  EXPECT_THAT(failure("\"target_index\": 0", "\"x\": 0").what(),
              HasSubstr("connections[0].target_index is missing"));
  Workflow workflow(template_registry());
  EXPECT_THAT(error_of([&] { workflow.load(write("[]")); }).what(),
              HasSubstr("wanted an object, found array"));
}

TEST_F(WorkflowFile, GraphErrorsAreNamed) {
  const Error cycle = failure("\"source_id\": -1", "\"source_id\": 3");
  EXPECT_EQ(cycle.code(), WF_WORKFLOW_INVALID);
  EXPECT_THAT(cycle.what(), AllOf(HasSubstr("connections[1]"), HasSubstr("cycle")));
  const Error id = failure("\"target_id\": 3", "\"target_id\": 4");
  EXPECT_EQ(id.code(), WF_INDEX_OUT_OF_RANGE);
  EXPECT_THAT(id.what(), HasSubstr("connections[1].target_id: no task has the id 4"));
  const Error index = failure("\"target_index\": 0", "\"target_index\": 2");
  EXPECT_EQ(index.code(), WF_INDEX_OUT_OF_RANGE);
  EXPECT_THAT(index.what(), HasSubstr("connections[0]"));
  EXPECT_EQ(failure("\"task_id\": 3", "\"task_id\": 7").code(), WF_WORKFLOW_INVALID);
  EXPECT_EQ(failure("\"task_id\": 3", "\"task_id\": -1").code(), WF_WORKFLOW_INVALID);
}

TEST_F(WorkflowFile, TaskAndParameterErrorsAreNamed) {
  const Error task = failure("{\"name\": \"template_blend\"}", "{\"name\": \"nothing\"}");
  EXPECT_EQ(task.code(), WF_UNKNOWN_TASK);
  EXPECT_THAT(task.what(), AllOf(HasSubstr("tasks[1]"), HasSubstr("nothing")));
  const Error key = failure("\"name\": \"amount\"", "\"name\": \"bogus\"");
  EXPECT_EQ(key.code(), WF_UNKNOWN_PARAMETER);
  EXPECT_THAT(key.what(), AllOf(HasSubstr("tasks[0]"), HasSubstr("bogus")));
  EXPECT_EQ(failure("\"value\": \"100\"", "\"value\": \"many\"").code(), WF_BAD_PARAMETER_VALUE);
}

TEST_F(WorkflowFile, AFailedLoadLeavesTheWorkflowAsItWas) {
  Workflow workflow = chain(1, "12");
  workflow.run();
  EXPECT_EQ(error_of([&] { workflow.load(write("{")); }).code(), WF_WORKFLOW_INVALID);
  EXPECT_EQ(error_of([&] { workflow.load(folder_.file("none.json")); }).code(), WF_READ_FAILED);
  EXPECT_EQ(workflow.parameters(0)["amount"], "12");
  EXPECT_FALSE(workflow.get_output(0).empty());
  workflow.run();
}

TEST_F(WorkflowFile, SavingToNowhereSaysSo) {
  const Workflow workflow = chain(1, "12");
  const Error error = error_of([&] { workflow.save(folder_.file("no/such/flow.json")); });
  EXPECT_EQ(error.code(), WF_WRITE_FAILED);
}

TEST_F(WorkflowFile, DamagedFilesAreLoadedOrRefusedWithTheirName) {
  int refused = 0;
  for_damaged(kTwoTasks, 1000, [&](const std::string& text) {
    Workflow workflow(template_registry());
    const Error error = error_of([&] { workflow.load(write(text)); });
    if (error.code() == WF_OK) return;
    ++refused;
    EXPECT_THAT(error.what(), HasSubstr("flow.json"));
    EXPECT_EQ(workflow.task_count(), 0) << "nothing half loaded";
  });
  EXPECT_GT(refused, 500);
  EXPECT_LT(refused, 1000);
}

}  // namespace
}  // namespace workflow
