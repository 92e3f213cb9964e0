#include "camera/video_devices.hpp"

#include <gmock/gmock.h>

#include "files/atomic_file.hpp"
#include "temporary_folder.hpp"

namespace workflow::camera {
namespace {

using ::testing::HasSubstr;

TEST(VideoDevices, ListsNumberedNamesInOrder) {
  const TemporaryFolder folder;
  for (const char* name : {"video10", "video2", "videos", "video2x", "vbi0", "v", "video"}) {
    files::write_file(folder.file(name), "no device");
  }
  const auto devices = list_video_devices(folder.path());
  ASSERT_EQ(devices.size(), 2u);
  EXPECT_EQ(devices[0].path, folder.file("video2"));
  EXPECT_EQ(devices[1].path, folder.file("video10"));
  EXPECT_FALSE(devices[0].captures);
  EXPECT_THAT(describe_video_devices(folder.path()), HasSubstr("video10: cannot be asked: "));
}

TEST(VideoDevices, SaysWhatToDoWhereThereIsNone) {
  const TemporaryFolder folder;
  EXPECT_THAT(describe_video_devices(folder.path()), HasSubstr("connect a camera"));
  EXPECT_THAT(describe_video_devices(folder.file("nothing")), HasSubstr("connect a camera"));
}

}  // namespace
}  // namespace workflow::camera
