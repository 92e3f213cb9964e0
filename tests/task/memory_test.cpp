// A thousand frames take no more memory than a hundred, with either engine.
#include <gtest/gtest.h>

#include "infer_background_matting/task.hpp"
#include "resident_memory.hpp"
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
  for (int i = 0; i < 100; ++i) task.run(scene.inputs(), outputs);
  const double before = resident_mib();
  for (int i = 0; i < 900; ++i) task.run(scene.inputs(), outputs);
  EXPECT_LT(resident_mib() - before, 4.0);
}

INSTANTIATE_TEST_SUITE_P(Engines, Memory, ::testing::Values("native", "torchscript"),
                         [](const auto& engine) { return std::string(engine.param); });

}  // namespace
}  // namespace matting
