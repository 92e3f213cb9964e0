// The camera's code on a filter graph that stands for one, and on a real or virtual device where
// this computer has it.
#include "camera/camera.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <cstdlib>
#include <sstream>
#include <thread>

#include "camera/camera_modes.hpp"
#include "camera/video_devices.hpp"
#include "camera/virtual_camera.hpp"
#include "error_of.hpp"

namespace workflow::camera {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using video::Frame;

CameraRequest request(const std::string& device) {
  CameraRequest made;
  made.device = device;
  return made;
}

TEST(Camera, GivesFramesOfAGraph) {
  CameraRequest wanted = request("lavfi:color=0x2060c0:s=66x50:r=25,format=yuv444p");
  wanted.frames_per_second = 25;
  const auto camera = open_camera(wanted);
  EXPECT_EQ(camera->info().width, 66u);
  EXPECT_EQ(camera->info().height, 50u);
  EXPECT_EQ(camera->info().average_rate.value(), 25);
  EXPECT_EQ(camera->info().time_base.denominator, video::kLiveTicks);
  Frame frame;
  std::int64_t before = 0;
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(camera->read(frame));
    EXPECT_GE(frame.timestamp, before);
    before = frame.timestamp;
  }
  EXPECT_EQ(frame.duration, 40'000);
  EXPECT_NEAR(frame.image.row(25)[3 * 33], 0x20, 4);
  EXPECT_NEAR(frame.image.row(25)[3 * 33 + 1], 0x60, 4);
  EXPECT_NEAR(frame.image.row(25)[3 * 33 + 2], 0xc0, 4);
}

TEST(Camera, EndsWithTheGraph) {
  const auto camera = open_camera(request("lavfi:testsrc=s=64x48:r=25:d=0.2"));
  Frame frame;
  int frames = 0;
  while (camera->read(frame)) ++frames;
  EXPECT_EQ(frames, 5);
}

TEST(Camera, StopsFromAnotherThread) {
  const auto camera = open_camera(request("lavfi:testsrc=s=64x48:r=25"));
  std::thread stopper([&camera] { camera->stop(); });
  Frame frame;
  while (camera->read(frame)) {
  }
  stopper.join();
  EXPECT_FALSE(camera->read(frame));
}

TEST(Camera, SaysWhatThereIsInsteadOfADevice) {
  const Error error = error_of([] { open_camera(request("/dev/video987")); });
  EXPECT_EQ(error.code(), WF_READ_FAILED);
  EXPECT_THAT(error.what(), HasSubstr("cannot open the camera /dev/video987: No such file"));
  EXPECT_THAT(error.what(), HasSubstr(describe_video_devices()));
}

TEST(Camera, RefusesAGraphThatIsNone) {
  EXPECT_EQ(error_of([] { open_camera(request("lavfi:nothing=1")); }).code(), WF_READ_FAILED);
}

TEST(VirtualCamera, SaysWhatThereIsInsteadOfADevice) {
  EXPECT_THAT(error_of([] { VirtualCamera("/dev/video987", 64, 48); }).what(),
              HasSubstr(describe_video_devices()));
  EXPECT_THAT(error_of([] { VirtualCamera("/dev/null", 64, 48); }).what(),
              HasSubstr("it takes no pictures"));
  EXPECT_THAT(error_of([] { VirtualCamera("/dev/null", 63, 48); }).what(),
              HasSubstr("wants even sides"));
}

TEST(Camera, ReadsARealOne) {
  for (const VideoDevice& device : list_video_devices()) {
    if (!device.captures || device.shows) continue;
    const auto camera = open_camera(request(device.path));
    Frame frame;
    ASSERT_TRUE(camera->read(frame)) << device.path;
    EXPECT_EQ(frame.image.width(), camera->info().width);
    const std::string modes = describe_camera_modes(device.path);
    const std::string first = modes.substr(0, modes.find('\n'));
    EXPECT_THAT(first, MatchesRegex("[a-z0-9]+: ([0-9]+x[0-9]+.*|any size)"));
    EXPECT_THAT(describe_video_devices_in_full(), HasSubstr("\n  " + first));
    CameraRequest wrong = request(device.path);
    wrong.pixel_format = "nosuch";
    EXPECT_THAT(error_of([&] { open_camera(wrong); }).what(), HasSubstr("it offers"));
    EXPECT_THAT(error_of([&] { open_camera(wrong); }).what(), HasSubstr("\n" + modes));
    return;
  }
  GTEST_SKIP() << "needs a camera or the kernel's vivid (./test camera has one); "
               << describe_video_devices();
}

// tests/camera/test_devices.py sets cameras to plain red, in the colour spaces that drivers name.
TEST(Camera, SeesRedAsTheDriverMeansIt) {
  const char* const device = std::getenv("RED_CAMERA");
  const char* const formats = std::getenv("RED_FORMATS");
  if (device == nullptr || formats == nullptr) {
    GTEST_SKIP() << "needs a camera that shows red (./test camera has one)";
  }
  CameraRequest wanted = request(device);
  wanted.width = 1280;
  wanted.height = 720;
  std::istringstream names(formats);
  for (std::string format; names >> format;) {
    wanted.pixel_format = format;
    const auto camera = open_camera(wanted);
    Frame frame;
    ASSERT_TRUE(camera->read(frame));
    ASSERT_EQ(frame.image.width(), 1280u);
    const std::uint8_t* const pixel = frame.image.row(600) + 3 * 640;
    EXPECT_NEAR(pixel[0], 255, 3) << format;
    EXPECT_NEAR(pixel[1], 0, 3) << format;
    EXPECT_NEAR(pixel[2], 0, 3) << format;
  }
}

TEST(VirtualCamera, ShowsWhatACameraThenReads) {
  for (const VideoDevice& device : list_video_devices()) {
    if (!device.shows || device.name == "vivid") continue;  // that one's comes out nowhere
    VirtualCamera shown(device.path, 64, 48);
    Image green(64, 48, WF_FORMAT_RGB8);
    for (std::uint32_t y = 0; y < 48; ++y) {
      for (std::uint32_t x = 0; x < 64; ++x) green.row(y)[3 * x + 1] = 200;
    }
    shown.write(green);
    const auto camera = open_camera(request(device.path));
    Frame frame;
    std::thread reader([&] { camera->read(frame); });
    for (int i = 0; i < 50; ++i) {
      shown.write(green);
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    reader.join();
    ASSERT_EQ(frame.image.width(), 64u);
    EXPECT_NEAR(frame.image.row(24)[3 * 32 + 1], 200, 6);
    return;
  }
  GTEST_SKIP() << "needs a virtual camera (./test camera has one); " << describe_video_devices();
}

}  // namespace
}  // namespace workflow::camera
