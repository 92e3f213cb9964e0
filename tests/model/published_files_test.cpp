// TorchScript files of the published exporter's making, through the library, against the
// reference's own outputs.
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "engine/reference_cases.hpp"
#include "infer_background_matting/task.hpp"

namespace matting {
namespace {

const char* mode_name(RefineMode mode) {
  return mode == RefineMode::kSampling       ? "sampling"
         : mode == RefineMode::kThresholding ? "thresholding"
                                             : "full";
}

std::string published_file(const ReferenceCase& reference) {
  const bool small = reference.weights.find("mobilenetv2") != std::string::npos;
  return std::string(MATTING_BINARY_DIR "/published/") + (small ? "mobilenetv2" : "resnet50") +
         ".pth";
}

ParameterMap parameters_of(const ReferenceCase& reference, const char* engine) {
  const NetworkSettings& settings = reference.settings;
  const bool base = settings.type == ModelType::kMattingBase;
  return {{"cuda", "cpu"},
          {"engine", engine},
          {"precision", "fp32"},
          {"threads", "2"},
          {"model_path", published_file(reference)},
          {"model_type", base ? "mattingbase" : "mattingrefine"},
          {"model_backbone_scale", std::to_string(settings.backbone_scale)},
          {"model_refine_mode", mode_name(settings.refine_mode)},
          {"model_refine_pixels", std::to_string(settings.refine_pixels)},
          {"model_refine_threshold", std::to_string(settings.refine_threshold)}};
}

class PublishedFile : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    reference_ = read_reference_case(GetParam());
    if (!std::filesystem::exists(published_file(reference_))) {
      GTEST_SKIP() << published_file(reference_) << " was not written: see write_published_files";
    }
  }
  ReferenceCase reference_;
};

TEST_P(PublishedFile, TorchScriptGivesTheReferenceWithinOneLevel) {
  BackgroundMattingTask task;
  task.set_parameters(parameters_of(reference_, "torchscript"));
  const MattingResult result = task.run({reference_.image.view(), reference_.plate.view(), {}, {}});
  // One patch in 2,000 may tie with another within rounding.
  const auto all = ((reference_.image.width() + 3) / 4) * ((reference_.image.height() + 3) / 4);
  const std::size_t allowed = all / 2000;
  EXPECT_LE(patches_off(result.alpha, reference_.alpha), allowed);
  EXPECT_LE(patches_off(result.foreground, reference_.foreground), allowed);
  EXPECT_EQ(patches_off(result.error, reference_.error), 0u);
  const auto json = nlohmann::json::parse(task.to_json());
  EXPECT_EQ(json["engine"], "torchscript");
  EXPECT_NEAR(json["refined_share"].get<double>() * all, reference_.patches_refined, 1 + allowed);
}

TEST_P(PublishedFile, AutoTakesTheNativeEngineBecauseItGivesTheSame) {
  BackgroundMattingTask task;
  ParameterMap parameters = parameters_of(reference_, "auto");
  parameters["precision"] = "auto";
  task.set_parameters(parameters);
  const MattingResult result = task.run({reference_.image.view(), reference_.plate.view(), {}, {}});
  const auto json = nlohmann::json::parse(task.to_json());
  EXPECT_EQ(json["engine"], "native");
  EXPECT_EQ(json["precision"], "fp32") << "random weights amplify rounding: bf16 must be refused";
  EXPECT_EQ(patches_off(result.error, reference_.error), 0u);
}

INSTANTIATE_TEST_SUITE_P(Fixtures, PublishedFile, ::testing::ValuesIn(reference_case_names()),
                         [](const auto& name) { return name.param; });
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(PublishedFile);

TEST(PublishedFiles, HaveFixtures) {
  if (reference_case_names().empty()) {
    GTEST_SKIP() << "no reference outputs: set MATTING_SHARED to the folder that holds fixtures/";
  }
}

}  // namespace
}  // namespace matting
