// Hosts make and destroy filters, and load and unload the module, all day long.
#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "frei0r_module.hpp"
#include "memory_growth.hpp"
#include "scene.hpp"

namespace {

constexpr int kSide = 16;

bool is_mapped(const std::string& library) {
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    if (line.find(library) != std::string::npos) return true;
  }
  return false;
}

// GStreamer does that with every filter that it finds, and MLT opens every module at its start.
// Before the first frame.
TEST(Frei0rRounds, MakingAnInstanceLoadsNothing) {
  const Frei0rModule module;
  const auto round = [&] { module.destruct(module.construct(640, 480)); };
  EXPECT_LT(growth_mib(10, 1000, round), 0.25);
  EXPECT_TRUE(is_mapped("infer_background_matting"));
  EXPECT_FALSE(is_mapped("opencv"));
}

void run_once(const Frei0rModule& module, const Scene& scene) {
  Frei0rInstance instance(module, kSide, kSide);
  instance.set("plate", scene.plate());
  ASSERT_NE(instance.update(scene.frame), scene.frame);
}

// A neighbour holds the weights, as in a project with more than one clip.
TEST(Frei0rRounds, AThousandInstancesTakeNoMemory) {
  const Scene scene(kSide, kSide);
  const Frei0rModule module;
  Frei0rInstance neighbour(module, kSide, kSide);
  neighbour.set("plate", scene.plate());
  neighbour.update(scene.frame);
  EXPECT_LT(growth_mib(100, 900, [&] { run_once(module, scene); }), 0.5);
}

TEST(Frei0rRounds, TheModuleIsUnloadedAndLoadedAgain) {
  const Scene scene(kSide, kSide);
  const auto round = [&] { run_once(Frei0rModule(), scene); };
  EXPECT_LT(growth_mib(5, 20, round), 0.5);
#ifndef __SANITIZE_ADDRESS__  // which keeps every library, to name it in its reports
  EXPECT_EQ(dlopen(MODULE, RTLD_NOW | RTLD_NOLOAD), nullptr) << "the module itself is gone";
#endif
}

}  // namespace
