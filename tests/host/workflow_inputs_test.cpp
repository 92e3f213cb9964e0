#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "error_of.hpp"
#include "fetch/loopback_server.hpp"
#include "host/template_workflow.hpp"
#include "media/image_file.hpp"
#include "temporary_folder.hpp"

namespace workflow {
namespace {

using ::testing::HasSubstr;

TEST(WorkflowInputs, AreReadFromFiles) {
  const TemporaryFolder folder;
  media::write_image(folder.file("grey.png"), flat_image(9, 7, 33, WF_FORMAT_GRAY8).view());
  Workflow workflow(template_registry());
  workflow.set_image_input(folder.file("grey.png"), 1);
  EXPECT_EQ(workflow.input_count(), 2u);
  EXPECT_TRUE(workflow.input(0).empty());
  EXPECT_EQ(workflow.input(1).width(), 9u);
  EXPECT_EQ(workflow.input(1).row(6)[8], 33);
}

TEST(WorkflowInputs, DecodeErrorsNameTheFileAndChangeNothing) {
  const TemporaryFolder folder;
  std::ofstream(folder.file("text.png")) << "not an image";
  Workflow workflow(template_registry());
  workflow.set_image_input(flat_image(4, 4, 1));
  const auto generation = workflow.input(0).view().generation;
  const Error text = error_of([&] { workflow.set_image_input(folder.file("text.png")); });
  EXPECT_EQ(text.code(), WF_READ_FAILED);
  EXPECT_THAT(text.what(), HasSubstr("text.png"));
  EXPECT_EQ(error_of([&] { workflow.set_image_input("missing.png"); }).code(), WF_READ_FAILED);
  EXPECT_EQ(workflow.input(0).view().generation, generation);
}

TEST(WorkflowInputs, AreFetchedFromAddresses) {
  const auto png = media::encode_png(flat_image(6, 5, 77).view());
  LoopbackServer server;
  server.answer_with_file("/a.png", std::string(png.begin(), png.end()));
  Workflow workflow(template_registry());
  workflow.set_image_input(server.url("/a.png"));
  EXPECT_EQ(workflow.input(0).width(), 6u);
  EXPECT_EQ(workflow.input(0).row(4)[17], 77);
  EXPECT_EQ(error_of([&] { workflow.set_image_input(server.url("/none")); }).code(),
            WF_READ_FAILED);
  EXPECT_EQ(error_of([&] { workflow.set_image_input("ftp://x/y.png"); }).code(), WF_READ_FAILED);
}

TEST(WorkflowInputs, KeepTheirGenerationUntilTheyAreSetAgain) {
  Workflow workflow = chain(1, "50");
  const auto first = workflow.input(0).view().generation;
  EXPECT_NE(first, 0u);
  workflow.run();
  EXPECT_EQ(workflow.input(0).view().generation, first);
  workflow.set_image_input(flat_image(20, 17, 55));
  EXPECT_NE(workflow.input(0).view().generation, first);
}

TEST(WorkflowInputs, KeepACallersOwnGeneration) {
  Image image = flat_image(4, 4, 1);
  image.view().generation = next_generation();
  Workflow workflow(template_registry());
  workflow.set_image_input(image);
  EXPECT_EQ(workflow.input(0).view().generation, image.view().generation);
}

TEST(WorkflowInputs, BorrowViewsWithoutCopying) {
  std::uint8_t pixels[16] = {};
  Workflow workflow(template_registry());
  workflow.set_image_input(wf_image{sizeof(wf_image), WF_FORMAT_GRAY8, 4, 4, 4, pixels, 0}, 0);
  EXPECT_EQ(workflow.input(0).view().data, pixels);
}

TEST(WorkflowInputs, RefuseBadViewsAndIndices) {
  Workflow workflow(template_registry());
  const wf_image no_pixels = {sizeof(wf_image), WF_FORMAT_GRAY8, 4, 4, 4, nullptr, 0};
  const Error error = error_of([&] { workflow.set_image_input(no_pixels, 3); });
  EXPECT_EQ(error.code(), WF_BAD_IMAGE);
  EXPECT_THAT(error.what(), HasSubstr("input image 3"));
  EXPECT_EQ(error_of([&] { workflow.set_image_input(Image()); }).code(), WF_BAD_IMAGE);
  EXPECT_EQ(error_of([&] { workflow.set_image_input(flat_image(1, 1, 1), 256); }).code(),
            WF_INDEX_OUT_OF_RANGE);
  EXPECT_EQ(error_of([&] { workflow.input(0); }).code(), WF_INDEX_OUT_OF_RANGE);
}

TEST(WorkflowInputs, CanBeCleared) {
  Workflow workflow(template_registry());
  workflow.set_image_input(flat_image(4, 4, 1), 0);
  workflow.set_image_input(flat_image(4, 4, 1), 2);
  workflow.clear_image_input(2);
  workflow.clear_image_input(99);
  EXPECT_EQ(workflow.input_count(), 1u);
}

}  // namespace
}  // namespace workflow
