// Elements are made, run and destroyed all day long.
#include <dlfcn.h>
#include <gtest/gtest.h>

#include "hosts/bmp_file.hpp"
#include "memory_growth.hpp"
#include "pipeline.hpp"
#include "temporary_folder.hpp"

namespace {

// GStreamer itself never unloads a plugin, as its types are there for good; what only looks into
// the file may. Before the first pipeline.
TEST(GstreamerModule, IsOpenedAndClosedAgain) {
  const auto is_loaded = [] { return dlopen(MODULE, RTLD_NOW | RTLD_NOLOAD) != nullptr; };
  const auto round = [&] {
    void* const module = dlopen(MODULE, RTLD_NOW | RTLD_LOCAL);
    ASSERT_NE(module, nullptr) << dlerror();
    EXPECT_NE(dlsym(module, "gst_plugin_infer_background_matting_get_desc"), nullptr);
    dlclose(module);
  };
  ASSERT_FALSE(is_loaded()) << "this test comes first";
  EXPECT_LT(growth_mib(5, 20, round), 0.5);
#ifndef __SANITIZE_ADDRESS__  // which keeps every library, to name it in its reports
  EXPECT_FALSE(is_loaded());
#endif
}

class GstreamerRounds : public ::testing::Test {
 protected:
  GstreamerRounds() { write_bmp(plate, 16, 16, wall_color); }
  std::string description(const char* frames) const {
    return std::string("videotestsrc num-buffers=") + frames +
           " ! video/x-raw,width=16,height=16,framerate=25/1 ! backgroundmatting name=m cuda=cpu "
           "threads=1 plate-location=" +
           plate + " ! fakesink sync=false";
  }

  TemporaryFolder folder;
  std::string plate = folder.file("plate.bmp");
};

// A neighbour holds the weights, as in a program with more than one stream.
TEST_F(GstreamerRounds, AThousandElementsTakeNoMemory) {
  Pipeline neighbour(description("1"));
  ASSERT_EQ(neighbour.play(), "");
  const auto round = [&] { ASSERT_EQ(Pipeline(description("1")).play(), ""); };
  EXPECT_LT(growth_mib(100, 900, round), 1.0);
}

}  // namespace
