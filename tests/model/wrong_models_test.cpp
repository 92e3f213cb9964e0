// Files that are TorchScript, but no matting network, or are damaged.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/script.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "infer_background_matting/task.hpp"
#include "task/scene.hpp"
#include "temporary_folder.hpp"

namespace matting {
namespace {

using ::testing::HasSubstr;

class WrongModel : public ::testing::Test {
 protected:
  // Saves a module whose forward has this body.
  std::string save(const std::string& body) {
    torch::jit::Module module("m");
    module.define("def forward(self, src, bgr):\n" + body);
    const std::string path = folder_.file("model.pt");
    module.save(path);
    return path;
  }

  // What the task says of a file; "" if it runs.
  std::string objection(const std::string& path, const ParameterMap& more = {}) {
    ParameterMap parameters = {{"cuda", "cpu"}, {"model_path", path}};
    parameters.insert(more.begin(), more.end());
    task_.set_parameters(parameters);
    try {
      task_.run(scene_.inputs());
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kModelInvalid);
      EXPECT_THAT(error.what(), HasSubstr(path));
      return error.what();
    }
    return "";
  }

  TemporaryFolder folder_;
  const Scene scene_{64, 64, PixelFormat::kRgb8};
  BackgroundMattingTask task_;
};

TEST_F(WrongModel, ATensorInsteadOfATuple) {
  EXPECT_THAT(objection(save("  return src\n")), HasSubstr("tuple"));
}

TEST_F(WrongModel, TooFewOutputs) {
  EXPECT_THAT(objection(save("  return src, bgr\n")), HasSubstr("2 values"));
}

TEST_F(WrongModel, AnOutputOfAnotherShape) {
  EXPECT_THAT(objection(save("  return src, src, src, src\n")), HasSubstr("output 0"));
}

TEST_F(WrongModel, AForwardThatFails) {
  EXPECT_THAT(objection(save("  x = src.view([7, 7])\n  return x, x, x, x\n")),
              HasSubstr("forward failed"));
}

TEST_F(WrongModel, AFileThatWasCutOff) {
  const std::string path = save("  return src, src, src, src\n");
  std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2);
  EXPECT_NE(objection(path), "");
  EXPECT_NE(objection(path, {{"engine", "torchscript"}}), "");
}

TEST_F(WrongModel, ABaseNetworkUnderMattingRefine) {
  const std::string path = save(
      "  a = src[:, 0:1]\n"
      "  return a, src, a, src\n");
  EXPECT_THAT(objection(path, {{"model_type", "mattingrefine"}}), HasSubstr("mattingbase"));
  EXPECT_EQ(objection(path, {{"model_type", "mattingbase"}}), "");
}

TEST_F(WrongModel, TheTaskGoesOnWithAGoodOne) {
  EXPECT_NE(objection(save("  return src\n")), "");
  task_.set_parameters({{"model_path", ""}});
  EXPECT_NO_THROW(task_.run(scene_.inputs()));
}

}  // namespace
}  // namespace matting
