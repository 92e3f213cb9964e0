// Files that are TorchScript, but no matting network, or are damaged.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "infer_background_matting/task.hpp"
#include "task/scene.hpp"

namespace matting {
namespace {

using ::testing::HasSubstr;

class WrongModel : public ::testing::Test {
 protected:
  static std::string file(const std::string& name) {
    return MATTING_BINARY_DIR "/wrong_models/" + name + ".pt";
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

  const Scene scene_{64, 64, PixelFormat::kRgb8};
  BackgroundMattingTask task_;
};

TEST_F(WrongModel, ATensorInsteadOfATuple) {
  EXPECT_THAT(objection(file("tensor")), HasSubstr("tuple"));
}

TEST_F(WrongModel, TooFewOutputs) {
  EXPECT_THAT(objection(file("two_outputs")), HasSubstr("2 values"));
}

TEST_F(WrongModel, AnOutputOfAnotherShape) {
  EXPECT_THAT(objection(file("wrong_shape")), HasSubstr("output 0"));
}

TEST_F(WrongModel, AForwardThatFails) {
  EXPECT_THAT(objection(file("failing")), HasSubstr("forward failed"));
}

TEST_F(WrongModel, AFileThatWasCutOff) {
  const std::string path = file("cut_off");
  EXPECT_NE(objection(path), "");
  EXPECT_NE(objection(path, {{"engine", "torchscript"}}), "");
}

TEST_F(WrongModel, ABaseNetworkUnderMattingRefine) {
  const std::string path = file("base");
  EXPECT_THAT(objection(path, {{"model_type", "mattingrefine"}}), HasSubstr("mattingbase"));
  EXPECT_EQ(objection(path, {{"model_type", "mattingbase"}}), "");
}

TEST_F(WrongModel, TheTaskGoesOnWithAGoodOne) {
  EXPECT_NE(objection(file("tensor")), "");
  task_.set_parameters({{"model_path", ""}});
  EXPECT_NO_THROW(task_.run(scene_.inputs()));
}

}  // namespace
}  // namespace matting
