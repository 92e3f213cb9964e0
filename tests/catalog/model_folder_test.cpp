#include "catalog/model_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "catalog/sha256.hpp"
#include "environment_variable.hpp"
#include "files/atomic_file.hpp"
#include "infer_background_matting/error.hpp"
#include "temporary_folder.hpp"

namespace matting {
namespace {

using ::testing::HasSubstr;
using workflow::files::write_file;

// A model folder of the test's own, and a catalogue with one file and one embedded model.
class ModelFolder : public ::testing::Test {
 protected:
  ModelFolder() {
    write_file(folder_.file("a"), "weights of a");
    sha256_ = sha256_of_file(folder_.file("a"));
    std::filesystem::remove(folder_.file("a"));
    write_file(folder_.file("catalog.json"),
               R"({"schema": 1, "models": [)" + entry("a", "resnet50", "torchscript", sha256_) +
                   R"(, "url": "http://x/a"}, )" +
                   entry("e", "mobilenetv2", "torchscript", std::string(64, 'e')) +
                   R"(, "embedded": true}]})");
  }
  static std::string entry(const std::string& name, const std::string& backbone,
                           const std::string& format, const std::string& sha256) {
    return R"({"name": ")" + name + R"(", "backbone": ")" + backbone + R"(", "format": ")" +
           format + R"(", "file": ")" + name + R"(", "sha256": ")" + sha256 + "\"";
  }
  static Error failure_of(const std::string& backbone) {
    try {
      find_model(backbone);
    } catch (const Error& error) {
      return error;
    }
    return Error(ErrorCode::kInternal, "nothing was thrown");
  }

  TemporaryFolder folder_;
  std::string sha256_;
  EnvironmentVariable model_dir_{"MATTING_MODEL_DIR", folder_.path()};
  EnvironmentVariable catalog_{"MATTING_CATALOG", folder_.file("catalog.json")};
};

TEST_F(ModelFolder, FollowsTheEnvironment) {
  EXPECT_EQ(model_folder(), folder_.path());
  const EnvironmentVariable none("MATTING_MODEL_DIR", "");
  const EnvironmentVariable data("XDG_DATA_HOME", "/data");
  EXPECT_EQ(model_folder(), "/data/infer_background_matting/models");
  const EnvironmentVariable no_data("XDG_DATA_HOME", "");
  const EnvironmentVariable home("HOME", "/home/me");
  EXPECT_EQ(model_folder(), "/home/me/.local/share/infer_background_matting/models");
}

TEST_F(ModelFolder, NamesTheCommandThatGetsAModel) {
  const Error error = failure_of("resnet50");
  EXPECT_EQ(error.code(), ErrorCode::kModelNotFound);
  EXPECT_THAT(error.what(), HasSubstr("matting model fetch a"));
  EXPECT_THAT(error.what(), HasSubstr(folder_.path()));
  EXPECT_THAT(failure_of("resnet101").what(), HasSubstr("matting model import"));
}

TEST_F(ModelFolder, FindsACheckedFile) {
  write_file(folder_.file("a"), "weights of a");
  const auto model = find_model("resnet50");
  ASSERT_TRUE(model);
  EXPECT_EQ(model->name, "a");
  EXPECT_EQ(model->path, folder_.file("a"));
  EXPECT_EQ(model->sha256, sha256_);
}

TEST_F(ModelFolder, RefusesAChangedFileAlsoAfterAGoodOne) {
  write_file(folder_.file("a"), "weights of a");
  ASSERT_TRUE(find_model("resnet50"));
  write_file(folder_.file("a"), "weights of b");
  const Error error = failure_of("resnet50");
  EXPECT_EQ(error.code(), ErrorCode::kModelInvalid);
  EXPECT_THAT(error.what(), HasSubstr(sha256_));
  EXPECT_THAT(error.what(), HasSubstr(sha256_of_file(folder_.file("a"))));
}

TEST_F(ModelFolder, LeavesTheEmbeddedModelToTheLibrary) {
  EXPECT_FALSE(find_model("mobilenetv2"));
}

TEST_F(ModelFolder, LoadsImportedWeightsByNameButNotImportedCode) {
  const std::string sha256 = sha256_;
  const auto import_as = [&](const std::string& format) {
    write_file(folder_.file("mine"), "weights of a");
    write_file(folder_.file(kUserCatalogName),
               R"({"schema": 1, "models": [)" + entry("mine", "resnet101", format, sha256) + "}]}");
  };
  import_as("safetensors");
  ASSERT_TRUE(find_model("resnet101"));
  EXPECT_EQ(find_model("resnet101")->name, "mine");
  import_as("torchscript");
  EXPECT_EQ(failure_of("resnet101").code(), ErrorCode::kModelNotFound);
}

TEST_F(ModelFolder, NamesABrokenUserCatalogue) {
  write_file(folder_.file(kUserCatalogName), "{");
  EXPECT_THAT(failure_of("resnet101").what(), HasSubstr(kUserCatalogName));
}

}  // namespace
}  // namespace matting
