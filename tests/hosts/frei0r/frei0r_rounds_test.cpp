// Hosts make and destroy filters, and load and unload the module, all day long.
#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "frei0r_module.hpp"
#include "resident_memory.hpp"
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
  const double before = resident_mib();
  for (int i = 0; i < 1000; ++i) module.destruct(module.construct(640, 480));
  EXPECT_LT(resident_mib() - before, 1.0);
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
  for (int i = 0; i < 100; ++i) run_once(module, scene);
  const double before = resident_mib();
  for (int i = 0; i < 900; ++i) run_once(module, scene);
  EXPECT_LT(resident_mib() - before, 4.0);
}

TEST(Frei0rRounds, TheModuleIsUnloadedAndLoadedAgain) {
  const Scene scene(kSide, kSide);
  const auto round = [&] { run_once(Frei0rModule(), scene); };
  for (int i = 0; i < 5; ++i) round();
  const double before = resident_mib();
  for (int i = 0; i < 20; ++i) round();
  EXPECT_LT(resident_mib() - before, 4.0);
#ifndef __SANITIZE_ADDRESS__  // which keeps every library, to name it in its reports
  EXPECT_EQ(dlopen(MODULE, RTLD_NOW | RTLD_NOLOAD), nullptr) << "the module itself is gone";
#endif
}

}  // namespace
