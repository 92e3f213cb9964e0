// The newest frame, and only that.
#include "live/capture_stage.hpp"

#include <gmock/gmock.h>

#include "error_of.hpp"
#include "scripted_camera.hpp"

namespace live {
namespace {

constexpr auto kLong = std::chrono::seconds(30);
constexpr auto kNoWait = std::chrono::milliseconds(0);

workflow::Image numbered(int number) {
  workflow::Image image(16, 16, WF_FORMAT_RGB8);
  image.row(0)[0] = static_cast<std::uint8_t>(number);
  return image;
}

TEST(CaptureStage, GivesTheNewestFrameAndCountsTheOthers) {
  ScriptedCamera camera(16, 16, numbered, 100);
  CaptureStage stage(camera);
  camera.let(1);
  EXPECT_EQ(stage.newest(kLong)->source.image.row(0)[0], 0);
  camera.let(5);
  const auto frame = stage.newest(kLong);
  EXPECT_EQ(frame->source.image.row(0)[0], 5);
  EXPECT_EQ(stage.dropped(), 4);
  EXPECT_EQ(stage.newest(kNoWait), nullptr) << "each frame once";
}

TEST(CaptureStage, NeverKeepsTheCameraWaiting) {
  ScriptedCamera camera(16, 16, numbered, 100);
  CaptureStage stage(camera);
  std::vector<video_matting::FramePointer> held;
  for (int i = 0; i < 4; ++i) {  // one being matted, three on their way to a file
    camera.let(1);
    held.push_back(stage.newest(kLong));
  }
  camera.let(20);  // returns once all are captured
  EXPECT_EQ(stage.newest(kLong)->number, 23);
  EXPECT_EQ(held.front()->source.image.row(0)[0], 0) << "what is in use stays as it is";
}

TEST(CaptureStage, GivesTheLastFrameBeforeTheEnd) {
  ScriptedCamera camera(16, 16, numbered, 2);
  CaptureStage stage(camera);
  camera.let(2);
  EXPECT_EQ(stage.newest(kLong)->number, 1);
  camera.let(1);  // the end
  EXPECT_EQ(stage.newest(kLong), nullptr);
  EXPECT_TRUE(stage.ended());
  stage.finish();
}

TEST(CaptureStage, HandsOnWhatTheCameraThrew) {
  ScriptedCamera camera(16, 16, numbered, 1, true);
  CaptureStage stage(camera);
  camera.let(2);
  while (stage.newest(kLong) != nullptr) {
  }
  EXPECT_EQ(error_of([&] { stage.finish(); }).code(), WF_READ_FAILED);
}

TEST(CaptureStage, LeavesACameraThatIsSilent) {
  ScriptedCamera camera(16, 16, numbered, 1);
  CaptureStage stage(camera);
  EXPECT_EQ(stage.newest(kNoWait), nullptr);
  EXPECT_FALSE(stage.ended());
}

}  // namespace
}  // namespace live
