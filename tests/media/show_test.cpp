#include "media/show.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "environment_variable.hpp"
#include "error_of.hpp"
#include "pattern.hpp"

namespace workflow::media {
namespace {

TEST(ShowImage, SaysThatThereIsNoDisplay) {
  const EnvironmentVariable no_wayland("WAYLAND_DISPLAY", "");
  const Image image = pattern(20, 10, WF_FORMAT_BGRA8);
  for (const char* display : {"", ":987"}) {
    const EnvironmentVariable x11("DISPLAY", display);
    const Error error = error_of([&] { show_image(image, "title"); });
    EXPECT_EQ(error.code(), WF_NOT_SUPPORTED) << display;
    EXPECT_THAT(error.what(), ::testing::HasSubstr("cannot show a window"));
  }
}

}  // namespace
}  // namespace workflow::media
