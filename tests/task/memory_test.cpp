// A thousand frames take no more memory than a hundred, with either engine.
#include <gtest/gtest.h>

#include "infer_background_matting/task.hpp"
#include "memory_growth.hpp"
#include "task/scene.hpp"

namespace matting {
namespace {

class Memory : public ::testing::TestWithParam<const char*> {};

TEST_P(Memory, DoesNotGrowOverAThousandFrames) {
  const Scene scene(96, 64, PixelFormat::kRgb8);
  Image alpha(96, 64, PixelFormat::kGray8);
  TaskOutputs outputs;
  outputs.alpha = alpha.mutable_view();
  BackgroundMattingTask task;
  task.set_parameters({{"cuda", "cpu"}, {"threads", "1"}, {"engine", GetParam()}});
  try {
    task.run(scene.inputs(), outputs);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kNotSupported) throw;
    GTEST_SKIP() << error.what();
  }
  EXPECT_LT(growth_mib(100, 900, [&] { task.run(scene.inputs(), outputs); }), 0.5);
}

INSTANTIATE_TEST_SUITE_P(Engines, Memory, ::testing::Values("native", "torchscript"),
                         [](const auto& engine) { return std::string(engine.param); });

}  // namespace
}  // namespace matting
