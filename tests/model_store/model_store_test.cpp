#include "model_store/model_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "catalog/model_folder.hpp"
#include "catalog/sha256.hpp"
#include "environment_variable.hpp"
#include "files/atomic_file.hpp"
#include "infer_background_matting/error.hpp"
#include "loopback_server.hpp"
#include "model_bytes.hpp"
#include "temporary_folder.hpp"

namespace matting {
namespace {

using ::testing::HasSubstr;
using workflow::files::write_file;

template <typename Action>
Error failure_of(Action&& action) {
  try {
    action();
  } catch (const Error& error) {
    return error;
  }
  return Error(ErrorCode::kInternal, "nothing was thrown");
}

// A model folder, and a catalogue whose one model is on a loopback server.
class ModelStore : public ::testing::Test {
 protected:
  ModelStore() {
    write_file(folder_.file("source.pth"), torchscript_bytes());
    const std::string sha256 = sha256_of_file(folder_.file("source.pth"));
    write_file(folder_.file("catalog.json"),
               R"({"schema": 1, "models": [{"name": "published", "backbone": "resnet50", )"
               R"("format": "torchscript", "file": "published.pth", "sha256": ")" +
                   sha256 + R"(", "url": ")" + server_.url("/published.pth") + R"("}]})");
  }

  TemporaryFolder folder_;
  LoopbackServer server_;
  std::string models_ = folder_.file("data/models");
  EnvironmentVariable model_dir_{"MATTING_MODEL_DIR", models_};
  EnvironmentVariable catalog_{"MATTING_CATALOG", folder_.file("catalog.json")};
};

TEST_F(ModelStore, FetchesChecksAndInstalls) {
  server_.answer_with_file("/published.pth", torchscript_bytes());
  const StoredModel stored = fetch_model("published");
  EXPECT_FALSE(stored.was_there);
  EXPECT_EQ(stored.path, models_ + "/published.pth");
  ASSERT_TRUE(find_model("resnet50"));
  EXPECT_EQ(find_model("resnet50")->path, stored.path);
  EXPECT_TRUE(fetch_model("published").was_there);
  EXPECT_EQ(server_.request_count(), 1);
}

TEST_F(ModelStore, RepairsAFileThatWasChanged) {
  std::filesystem::create_directories(models_);
  write_file(models_ + "/published.pth", "damaged");
  EXPECT_THROW(find_model("resnet50"), Error);
  server_.answer_with_file("/published.pth", torchscript_bytes());
  EXPECT_FALSE(fetch_model("published").was_there);
  EXPECT_TRUE(find_model("resnet50"));
}

TEST_F(ModelStore, InstallsNothingThatHasAnotherChecksumOrIsMissing) {
  EXPECT_THAT(failure_of([] { fetch_model("published"); }).what(), HasSubstr("404"));
  server_.answer_with_file("/published.pth", "something else");
  const Error error = failure_of([] { fetch_model("published"); });
  EXPECT_EQ(error.code(), ErrorCode::kReadFailed);
  EXPECT_THAT(error.what(), HasSubstr("SHA-256"));
  EXPECT_TRUE(std::filesystem::is_empty(models_));
}

TEST_F(ModelStore, NamesTheModelsThatCanBeFetched) {
  const Error error = failure_of([] { fetch_model("none"); });
  EXPECT_EQ(error.code(), ErrorCode::kModelNotFound);
  EXPECT_THAT(error.what(), HasSubstr("published"));
}

TEST_F(ModelStore, ImportsAPublishedFileUnderItsName) {
  const StoredModel stored = import_model(folder_.file("source.pth"));
  EXPECT_EQ(stored.entry.name, "published");
  EXPECT_TRUE(stored.by_name);
  EXPECT_TRUE(find_model("resnet50"));
  EXPECT_TRUE(import_model(folder_.file("source.pth")).was_there);
}

TEST_F(ModelStore, ImportsWeightsAndRemembersThem) {
  write_file(folder_.file("mine.safetensors"),
             safetensors_bytes({"backbone.layer3.22.conv1.weight", "refiner.conv1.weight"}));
  const StoredModel stored = import_model(folder_.file("mine.safetensors"));
  EXPECT_TRUE(stored.by_name);
  EXPECT_EQ(stored.entry.backbone, "resnet101");
  ASSERT_TRUE(find_model("resnet101"));
  EXPECT_EQ(find_model("resnet101")->path, stored.path);
  EXPECT_EQ(user_catalog(models_).entries().size(), 1u);
}

TEST_F(ModelStore, ImportsUnknownCodeForAnExplicitPathOnly) {
  write_file(folder_.file("mine.pt"), torchscript_bytes() + std::string(1, '\0'));
  const StoredModel stored = import_model(folder_.file("mine.pt"));
  EXPECT_FALSE(stored.by_name);
  EXPECT_TRUE(std::filesystem::exists(stored.path));
}

TEST_F(ModelStore, AnswersACheckpointWithTheCommandThatExportsIt) {
  write_file(folder_.file("weights.pth"), checkpoint_bytes());
  const Error error = failure_of([&] { import_model(folder_.file("weights.pth")); });
  EXPECT_EQ(error.code(), ErrorCode::kModelInvalid);
  EXPECT_THAT(error.what(), HasSubstr("python -m matting_models export --checkpoint " +
                                      folder_.file("weights.pth") + " --output weights.pt"));
  EXPECT_FALSE(std::filesystem::exists(models_));
}

TEST_F(ModelStore, RefusesDamagedAndMissingFiles) {
  write_file(folder_.file("text.pt"), "not a model at all");
  EXPECT_EQ(failure_of([&] { import_model(folder_.file("text.pt")); }).code(),
            ErrorCode::kModelInvalid);
  EXPECT_EQ(failure_of([&] { import_model(folder_.file("none")); }).code(),
            ErrorCode::kReadFailed);
  write_file(folder_.file("data"), "a file where the folder should be");
  EXPECT_EQ(failure_of([&] { import_model(folder_.file("source.pth")); }).code(),
            ErrorCode::kWriteFailed);
}

}  // namespace
}  // namespace matting
