#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "error_of.hpp"
#include "host/template_workflow.hpp"

namespace workflow {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

Workflow broken(const std::string& fault) {
  auto registry = std::make_shared<PluginRegistry>();
  registry->load(BROKEN_PLUGINS "broken_" + fault + ".so");
  Workflow workflow(registry);
  workflow.set_image_input(flat_image(8, 8, 1));
  workflow.add_task("broken_task");
  return workflow;
}

TEST(WorkflowRun, ComputesAChain) {
  Workflow workflow = chain(3, "100");  // negative of a negative of a negative
  workflow.run();
  ASSERT_EQ(workflow.outputs().size(), 1u);
  EXPECT_EQ(workflow.get_output(0).width(), 20u);
  EXPECT_EQ(workflow.get_output(0).row(16)[59], 200);
}

TEST(WorkflowRun, WritesOverAnImageThatFits) {
  Workflow workflow = chain(1, "100", 55);
  Image ring(20, 17, WF_FORMAT_RGB8);
  workflow.reuse_output({0, 0}, ring);
  workflow.run();
  EXPECT_EQ(workflow.get_output(0).row(0), ring.row(0));
  EXPECT_EQ(ring.row(16)[59], 200);
  workflow.run();  // for one run only
  EXPECT_NE(workflow.get_output(0).row(0), ring.row(0));
  workflow.reuse_output({0, 0}, Image(20, 16, WF_FORMAT_RGB8));
  workflow.run();  // does not fit
  EXPECT_EQ(workflow.get_output(0).height(), 17u);
  EXPECT_EQ(error_of([&] { workflow.reuse_output({0, 7}, ring); }).code(), WF_INDEX_OUT_OF_RANGE);
  EXPECT_EQ(error_of([&] { workflow.reuse_output({kRoot, 0}, ring); }).code(), WF_INDEX_OUT_OF_RANGE);
}

TEST(WorkflowRun, OptionalInputsAreOnlyGivenWhenSet) {
  Workflow workflow = chain(1, "100", 55);
  workflow.run();
  EXPECT_EQ(workflow.get_output(0).row(0)[0], 200);
  workflow.set_image_input(flat_image(20, 17, 9), 1);
  workflow.run();
  EXPECT_EQ(workflow.get_output(0).row(0)[0], 9);
}

TEST(WorkflowRun, MissingInputsAreNamedAndCanBeGivenThen) {
  Workflow workflow(template_registry());
  workflow.add_task(kTask);
  const Error unset = error_of([&] { workflow.run(); });
  EXPECT_EQ(unset.code(), WF_MISSING_INPUT);
  EXPECT_THAT(unset.what(), AllOf(HasSubstr("image"), HasSubstr("set_image_input")));
  workflow.disconnect(0, 0);
  EXPECT_THAT(error_of([&] { workflow.run(); }).what(), HasSubstr("not connected"));
  workflow.connect(kRoot, 0, 0, 0);
  workflow.set_image_input(flat_image(4, 4, 1));
  workflow.run();
  EXPECT_FALSE(workflow.get_output(0).empty());
}

TEST(WorkflowRun, EachRunAllocatesAnew) {
  Workflow workflow = chain(1, "0", 10);
  workflow.run();
  const Image first = workflow.get_output(0);
  workflow.set_image_input(flat_image(20, 17, 90));
  workflow.run();
  EXPECT_EQ(first.row(3)[3], 10);
  EXPECT_EQ(workflow.get_output(0).row(3)[3], 90);
  EXPECT_NE(first.view().generation, workflow.get_output(0).view().generation);
}

TEST(WorkflowRun, OutputsOutliveTheWorkflow) {
  Image image;
  {
    Workflow workflow = chain(1, "0", 10);
    workflow.run();
    image = workflow.get_output(0);
  }
  EXPECT_EQ(image.row(3)[3], 10);
}

TEST(WorkflowRun, OnlyWantedOutputsAreComputed) {
  Workflow workflow = chain(3, "100");
  workflow.run();
  EXPECT_FALSE(workflow.get_task_output(0, 0).empty());  // the second task read it
  workflow.set_wanted_outputs({{1, 0}});
  workflow.run();
  EXPECT_TRUE(workflow.get_output(0).empty());
  EXPECT_EQ(workflow.get_task_output(1, 0).row(0)[0], 55);
  EXPECT_EQ(workflow.result_json(2).find("amount") != std::string::npos, true);
  workflow.set_wanted_outputs({});
  workflow.run();
  EXPECT_FALSE(workflow.get_output(0).empty());
}

TEST(WorkflowRun, AFailureLeavesNoOutputsAndTheNextRunWorks) {
  Workflow workflow = chain(1, "0");
  workflow.run();
  workflow.set_image_input(flat_image(3, 3, 1), 1);
  const Error error = error_of([&] { workflow.run(); });
  EXPECT_EQ(error.code(), WF_BAD_IMAGE);
  EXPECT_THAT(error.what(), AllOf(HasSubstr(kTask), HasSubstr("other")));
  EXPECT_TRUE(workflow.get_output(0).empty());
  workflow.clear_image_input(1);
  workflow.run();
  EXPECT_FALSE(workflow.get_output(0).empty());
}

TEST(WorkflowRun, ContainsWhatPluginsDoWrong) {
  const auto failure = [](const std::string& fault) {
    Workflow workflow = broken(fault);
    return error_of([&] { workflow.run(); });
  };
  EXPECT_EQ(failure("throws").code(), WF_INTERNAL);
  EXPECT_THAT(failure("throws").what(), AllOf(HasSubstr("broken_task"), HasSubstr("exception")));
  EXPECT_EQ(failure("silent_failure").code(), WF_BAD_IMAGE);
  EXPECT_THAT(failure("silent_failure").what(), HasSubstr("no reason"));
  EXPECT_EQ(failure("huge_output").code(), WF_TOO_LARGE);
  EXPECT_THAT(failure("huge_output").what(), HasSubstr("output 0 (image)"));
}

TEST(WorkflowRun, ReportsProgressPerTaskAndInAll) {
  Workflow workflow = chain(2, "50");
  std::vector<Progress> heard;
  workflow.set_progress([&](const Progress& progress) { heard.push_back(progress); });
  workflow.run();
  ASSERT_EQ(heard.size(), 8u);
  for (std::uint32_t i = 0; i < 8; ++i) {
    EXPECT_EQ(heard[i].task, i < 4 ? 0 : 1);
    EXPECT_EQ(heard[i].step, i % 4 + 1);
    EXPECT_EQ(heard[i].step_count, 4u);
    EXPECT_EQ(heard[i].total_step, i + 1);
    EXPECT_EQ(heard[i].total_step_count, 8u);
  }
}

TEST(WorkflowRun, AnExceptionOfTheListenerEndsTheRunAndComesOut) {
  Workflow workflow = chain(1, "50");
  int calls = 0;
  workflow.set_progress([&](const Progress&) {
    ++calls;
    throw std::runtime_error("enough");
  });
  EXPECT_THROW(
      {
        try {
          workflow.run();
        } catch (const std::runtime_error& error) {
          EXPECT_STREQ(error.what(), "enough");
          throw;
        }
      },
      std::runtime_error);
  EXPECT_EQ(calls, 1);
  workflow.set_progress(nullptr);
  workflow.run();
}

TEST(WorkflowRun, CannotBeStartedFromItsOwnListener) {
  Workflow workflow = chain(1, "50");
  workflow.set_progress([&](const Progress&) { workflow.run(); });
  EXPECT_EQ(error_of([&] { workflow.run(); }).code(), WF_INVALID_ARGUMENT);
}

TEST(WorkflowOutputs, CanBeIteratedAndPrinted) {
  Workflow workflow = chain(1, "50");
  std::ostringstream before, after;
  before << workflow;
  EXPECT_THAT(before.str(), HasSubstr("Data available: 0"));
  workflow.run();
  int count = 0;
  for (const Output& output : workflow) {
    EXPECT_EQ(output.name, "result");
    ++count;
  }
  EXPECT_EQ(count, 1);
  after << workflow;
  EXPECT_THAT(after.str(),
              AllOf(HasSubstr("result"), HasSubstr("Data type: image"), HasSubstr("rgb8"),
                    HasSubstr("20x17"), HasSubstr("Data available: 1")));
}

TEST(WorkflowOutputs, AsJsonHoldAFile) {
  Workflow workflow = chain(1, "50");
  EXPECT_EQ(nlohmann::json::parse(workflow.outputs()[0].to_json())["image"], nullptr);
  workflow.run();
  const Output& output = workflow.outputs()[0];
  // The first bytes of JPEG and PNG in base64.
  const auto jpeg = nlohmann::json::parse(output.to_json())["image"].get<std::string>();
  EXPECT_EQ(jpeg.substr(0, 4), "/9j/");
  const auto png = nlohmann::json::parse(output.to_json({true, true}))["image"].get<std::string>();
  EXPECT_EQ(png.substr(0, 8), "iVBORw0K");
  workflow.set_image_input(flat_image(4, 4, 9, WF_FORMAT_BGRA8));
  workflow.run();
  EXPECT_THAT(workflow.outputs()[0].to_json(), HasSubstr("iVBORw0K"));
}

TEST(WorkflowOutputs, AllTogetherAsJson) {
  Workflow workflow = chain(2, "25");
  workflow.run();
  const auto json = nlohmann::json::parse(workflow.to_json());
  EXPECT_EQ(json["tasks"].size(), 2u);
  EXPECT_EQ(json["tasks"][1]["result"]["amount"], 25);
  ASSERT_EQ(json["outputs"].size(), 1u);
  EXPECT_EQ(json["outputs"][0]["task_id"], 1);
  EXPECT_EQ(json["outputs"][0]["width"], 20);
  EXPECT_EQ(json["outputs"][0]["format"], "rgb8");
  EXPECT_TRUE(json["outputs"][0]["image"].is_string());
  EXPECT_GT(workflow.memory_estimate(0, 100, 100), 0u);
}

}  // namespace
}  // namespace workflow
