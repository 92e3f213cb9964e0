#include "catalog/model_file_facts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "damaged_bytes.hpp"
#include "files/atomic_file.hpp"
#include "infer_background_matting/error.hpp"
#include "model_bytes.hpp"
#include "temporary_folder.hpp"

namespace matting {
namespace {

using ::testing::HasSubstr;

ModelFileFacts facts_of(const std::string& bytes) {
  const TemporaryFolder folder;
  workflow::files::write_file(folder.file("model"), bytes);
  return inspect_model_file(folder.file("model"));
}

TEST(ModelFileFacts, TellsBackboneAndKindFromTheWeights) {
  const auto mobile =
      facts_of(safetensors_bytes({"backbone.features.0.0.weight", "refiner.conv1.weight"}));
  EXPECT_EQ(mobile.format, "safetensors");
  EXPECT_EQ(mobile.backbone, "mobilenetv2");
  EXPECT_EQ(mobile.kind, "mattingrefine");
  EXPECT_EQ(mobile.fault, "");
  const auto resnet50 = facts_of(safetensors_bytes({"backbone.layer3.5.conv1.weight"}));
  EXPECT_EQ(resnet50.backbone, "resnet50");
  EXPECT_EQ(resnet50.kind, "mattingbase");
  const auto resnet101 = facts_of(
      safetensors_bytes({"backbone.layer3.22.conv1.weight", "backbone.layer3.5.conv1.weight"}));
  EXPECT_EQ(resnet101.backbone, "resnet101");
}

TEST(ModelFileFacts, TellsTorchScriptFromACheckpoint) {
  EXPECT_EQ(facts_of(torchscript_bytes()).format, "torchscript");
  EXPECT_EQ(facts_of(torchscript_bytes()).backbone, "mobilenetv2");
  EXPECT_EQ(facts_of(checkpoint_bytes()).format, "checkpoint");
  EXPECT_EQ(facts_of(std::string("\x80\x02\x8a\x0al\xfc\x9c\x46\xf9\x20", 10)).format,
            "checkpoint");
}

TEST(ModelFileFacts, FindsFilesThatAreCutOff) {
  const std::string weights = safetensors_bytes({"backbone.features.0.0.weight"});
  EXPECT_THAT(facts_of(weights.substr(0, weights.size() - 1)).fault, HasSubstr("bytes of"));
  EXPECT_THAT(facts_of(weights.substr(0, 40)).fault, ::testing::Not(::testing::IsEmpty()));
  const std::string script = torchscript_bytes();
  EXPECT_THAT(facts_of(script.substr(0, script.size() - 30)).fault, HasSubstr("cut off"));
  EXPECT_THAT(facts_of("PK\3\4").fault, HasSubstr("4 bytes"));
}

TEST(ModelFileFacts, FindsFilesOfAnotherKind) {
  EXPECT_THAT(facts_of("this is some text").fault, HasSubstr("neither TorchScript"));
  EXPECT_THAT(facts_of(zip_bytes({"a/b.txt"})).fault, HasSubstr("without a model"));
  EXPECT_THAT(facts_of(safetensors_bytes({"bert.weight"})).fault, HasSubstr("matting network"));
  const std::string strange = R"({"a": {"data_offsets": "none"}})";
  EXPECT_THAT(facts_of(little_endian(strange.size(), 8) + strange).fault, HasSubstr("place for a"));
}

TEST(ModelFileFacts, CannotReadAFolderOrNothing) {
  const TemporaryFolder folder;
  EXPECT_THROW(inspect_model_file(folder.path()), Error);
  EXPECT_THROW(inspect_model_file(folder.file("none")), Error);
}

TEST(ModelFileFacts, DamagedFilesHaveAFaultOrNone) {
  const std::string whole[] = {
      safetensors_bytes({"backbone.features.0.0.weight", "refiner.conv1.weight"}),
      torchscript_bytes()};
  for (const std::string& bytes : whole) {
    int faults = 0;
    for_damaged(bytes, 500,
                [&](const std::string& file) { faults += !facts_of(file).fault.empty(); });
    EXPECT_GT(faults, 50);
    EXPECT_LT(faults, 500);
  }
}

}  // namespace
}  // namespace matting
