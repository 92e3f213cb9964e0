// The frei0r filter, called as hosts call it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <future>
#include <thread>

#include "frei0r_module.hpp"
#include "scene.hpp"

namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::internal::CaptureStderr;
using ::testing::internal::GetCapturedStderr;

constexpr int kWidth = 96, kHeight = 64;
const std::uint32_t kMagenta = 0xFFFF00FF;  // 255, 0, 255, 255 in either byte order

std::uint8_t channel(std::uint32_t pixel, int index) {
  std::uint8_t bytes[4];
  std::memcpy(bytes, &pixel, sizeof bytes);
  return bytes[index];
}

std::vector<int> plane(const Pixels& pixels, int index) {
  std::vector<int> values;
  for (const std::uint32_t pixel : pixels) values.push_back(channel(pixel, index));
  return values;
}

class Frei0r : public ::testing::Test {
 protected:
  // One frame of the scene; what is logged meanwhile lands in log.
  Pixels run(Frei0rInstance& instance) {
    CaptureStderr();
    Pixels dst = instance.update(scene.frame);
    log = GetCapturedStderr();
    return dst;
  }
  Pixels run_output(const char* output) {
    Frei0rInstance instance(module, kWidth, kHeight);
    instance.set("plate", scene.plate());
    instance.set("output", output);
    return run(instance);
  }
  // The host lives, the frame passes, and one line says why; then all is well again.
  void expect_refused(const char* key, const std::string& text, const std::string& reason) {
    Frei0rInstance instance(module, kWidth, kHeight);
    instance.set("plate", scene.plate());
    const std::string before = instance.get(key);
    instance.set(key, text);
    EXPECT_EQ(run(instance), scene.frame);
    EXPECT_THAT(log, HasSubstr(reason));
    EXPECT_EQ(std::count(log.begin(), log.end(), '\n'), 1) << log;
    EXPECT_EQ(run(instance), scene.frame);
    EXPECT_THAT(log, IsEmpty()) << "the same line again";
    instance.set("strict", "1");
    EXPECT_THAT(run(instance), Each(kMagenta));
    instance.set(key, before);
    EXPECT_NE(run(instance), scene.frame);
    EXPECT_THAT(log, IsEmpty());
  }

  Frei0rModule module;
  Scene scene{kWidth, kHeight};
  std::string log;
};

TEST_F(Frei0r, DescribesItself) {
  f0r_plugin_info_t info = {};
  module.plugin_info(&info);
  EXPECT_STREQ(info.name, "infer_background_matting");
  EXPECT_EQ(info.plugin_type, F0R_PLUGIN_TYPE_FILTER);
  EXPECT_EQ(info.color_model, F0R_COLOR_MODEL_RGBA8888);
  EXPECT_EQ(info.frei0r_version, FREI0R_MAJOR_VERSION);
  EXPECT_EQ(info.num_params, static_cast<int>(module.numbers.size())) << "a name twice";
  EXPECT_EQ(module.numbers.count("threads"), 1u) << "the task's are there";
  for (int i = 0; i < info.num_params; ++i) {
    f0r_param_info_t parameter = {};
    module.param_info(&parameter, i);
    EXPECT_EQ(parameter.type, F0R_PARAM_STRING) << parameter.name;
    EXPECT_STRNE(parameter.explanation, "") << parameter.name;
  }
}

TEST_F(Frei0r, ParametersComeInThePublishedOrder) {
  const char* const order[] = {"plate", "output", "background", "strict", "model_type"};
  for (int i = 0; i < 5; ++i) EXPECT_EQ(module.numbers.at(order[i]), i);
}

TEST_F(Frei0r, ParametersAreReadBackAsSet) {
  Frei0rInstance instance(module, kWidth, kHeight);
  EXPECT_EQ(instance.get("model_refine_pixels"), "80000");
  EXPECT_EQ(instance.get("output"), "rgba");
  instance.set("model_refine_pixels", "1600");
  instance.set("strict", "1");
  EXPECT_EQ(instance.get("model_refine_pixels"), "1600");
  EXPECT_EQ(instance.get("strict"), "1");
}

TEST_F(Frei0r, NumbersBeyondTheLastParameterAreIgnored) {
  Frei0rInstance instance(module, kWidth, kHeight);
  char text[] = "x";
  f0r_param_string value = text;
  module.set_param(instance.handle(), &value, 99);
  module.set_param(instance.handle(), &value, -1);
  module.get_param(instance.handle(), &value, 99);
  EXPECT_EQ(value, text);
}

TEST_F(Frei0r, CutsOutWithStraightAlpha) {
  const Pixels cut_out = run_output("rgba");
  const Pixels alpha = run_output("alpha"), foreground = run_output("foreground");
  EXPECT_EQ(plane(cut_out, 3), plane(alpha, 0));
  EXPECT_EQ(plane(alpha, 0), plane(alpha, 1));
  EXPECT_EQ(plane(alpha, 0), plane(alpha, 2));
  EXPECT_THAT(plane(alpha, 3), Each(255));
  EXPECT_THAT(plane(foreground, 3), Each(255));
  for (std::size_t i = 0; i < cut_out.size(); ++i) {
    if (channel(alpha[i], 0) == 0) continue;  // the colour of nothing is free
    EXPECT_EQ(channel(cut_out[i], 0), channel(foreground[i], 0)) << i;
  }
}

TEST_F(Frei0r, FindsTheBall) {
  const Pixels alpha = run_output("alpha");
  EXPECT_GT(channel(alpha[kHeight / 2 * kWidth + kWidth / 2], 0), 128);
  EXPECT_LT(channel(alpha[2 * kWidth + 2], 0), 128);
}

TEST_F(Frei0r, ErrorIsGrey) {
  const Pixels error = run_output("error");
  EXPECT_EQ(plane(error, 0), plane(error, 2));
  EXPECT_THAT(plane(error, 3), Each(255));
  EXPECT_NE(error, scene.frame);
}

TEST_F(Frei0r, BackgroundIsAColourOrAFile) {
  write_bmp(scene.folder.file("green.bmp"), kWidth, kHeight, [](int, int) {
    return Color{0, 255, 0};
  });
  Frei0rInstance instance(module, kWidth, kHeight);
  instance.set("plate", scene.plate());
  instance.set("output", "composite");
  instance.set("background", "#00ff00");
  const Pixels by_color = run(instance);
  instance.set("background", scene.folder.file("green.bmp"));
  EXPECT_EQ(run(instance), by_color);
  EXPECT_THAT(plane(by_color, 3), Each(255));
  instance.set("background", "blur:4");
  EXPECT_NE(run(instance), by_color);
  EXPECT_THAT(log, IsEmpty());
}

TEST_F(Frei0r, EmptyTextIsTheDefault) {
  const Pixels cut_out = run_output("rgba");
  Frei0rInstance instance(module, kWidth, kHeight);
  for (const auto& parameter : module.numbers) instance.set(parameter.first, "");
  instance.set("cuda", "cpu");
  instance.set("plate", scene.plate());
  EXPECT_EQ(run(instance), cut_out);
}

TEST_F(Frei0r, PlateThatIsNotThere) {
  const std::string missing = scene.folder.file("missing.png");
  expect_refused("plate", missing, missing);
}
TEST_F(Frei0r, PlateThatIsNoPicture) {
  const std::string path = scene.folder.file("text.png");
  std::ofstream(path) << "no picture";
  expect_refused("plate", path, "it is not an image");
}
TEST_F(Frei0r, NoPlate) {
  expect_refused("plate", "", "plate");
}
TEST_F(Frei0r, ModelThatIsNotThere) {
  expect_refused("model_path", "/nowhere/model.safetensors", "/nowhere/model.safetensors");
}
TEST_F(Frei0r, WrongParameter) {
  expect_refused("model_refine_mode", "sometimes", "sampling, thresholding, full");
}
TEST_F(Frei0r, WrongOutput) {
  expect_refused("output", "matte", "rgba, composite, alpha, foreground, error");
}

TEST_F(Frei0r, WrongStrictIsSaidAndTakenForZero) {
  Frei0rInstance instance(module, kWidth, kHeight);
  CaptureStderr();
  instance.set("strict", "perhaps");
  EXPECT_THAT(GetCapturedStderr(), AllOf(HasSubstr("strict"), HasSubstr("perhaps")));
  EXPECT_EQ(run(instance), scene.frame);
}

TEST_F(Frei0r, FrameThatIsTooSmall) {
  Frei0rInstance instance(module, 8, 8);
  instance.set("plate", scene.plate());
  const Pixels frame(64, 0x11223344);
  CaptureStderr();
  EXPECT_EQ(instance.update(frame), frame);
  EXPECT_THAT(GetCapturedStderr(), HasSubstr("8x8"));
  EXPECT_EQ(module.construct(0, 64), nullptr);
}

TEST_F(Frei0r, OddSizesAndAPlateOfAnotherSize) {
  const Scene odd(67, 45);
  Frei0rInstance instance(module, 67, 45);
  instance.set("output", "alpha");
  instance.set("plate", odd.plate());
  const Pixels alpha = instance.update(odd.frame);
  EXPECT_GT(channel(alpha[45 / 2 * 67 + 67 / 2], 0), 128);
  instance.set("plate", scene.plate());
  EXPECT_NE(instance.update(odd.frame), odd.frame);
}

TEST_F(Frei0r, TimeInAnyUnitChangesNothing) {
  Frei0rInstance instance(module, kWidth, kHeight);
  instance.set("plate", scene.plate());
  const Pixels first = instance.update(scene.frame, 0);
  for (const double time : {0.0, 0.04, 40.0, -1.0, 1e12}) {
    EXPECT_EQ(instance.update(scene.frame, time), first) << time;
  }
}

TEST_F(Frei0r, WorksInPlace) {
  Frei0rInstance instance(module, kWidth, kHeight);
  instance.set("plate", scene.plate());
  const Pixels apart = instance.update(scene.frame);
  Pixels in_place = scene.frame;
  module.update(instance.handle(), 1, in_place.data(), in_place.data());
  EXPECT_EQ(in_place, apart);
}

// MLT does.
TEST_F(Frei0r, DestroysAnInstanceAfterDeinit) {
  const f0r_instance_t instance = module.construct(kWidth, kHeight);
  Pixels dst(scene.frame.size());
  module.update(instance, 0, scene.frame.data(), dst.data());
  module.deinit();
  module.destruct(instance);
  module.init();
}

TEST_F(Frei0r, InstancesInThreadsAgree) {
  const auto frame_of_one = [&] {
    Frei0rInstance instance(module, kWidth, kHeight);
    instance.set("plate", scene.plate());
    instance.update(scene.frame);
    return instance.update(scene.frame);
  };
  std::vector<std::future<Pixels>> results;
  for (int i = 0; i < 4; ++i) results.push_back(std::async(std::launch::async, frame_of_one));
  const Pixels expected = frame_of_one();
  for (auto& result : results) EXPECT_EQ(result.get(), expected);
}

// As MLT calls: one instance of half the height, both halves of a frame in two threads.
TEST_F(Frei0r, SlicesAreRefused) {
  const std::size_t half = scene.frame.size() / 2;
  Frei0rInstance instance(module, kWidth, kHeight / 2);
  instance.set("plate", scene.plate());
  Pixels dst(scene.frame.size());
  const auto slice = [&](std::size_t first) {
    module.update(instance.handle(), 0, scene.frame.data() + first, dst.data() + first);
  };
  CaptureStderr();
  slice(0);
  slice(half);
  for (int frame = 0; frame < 3; ++frame) {
    std::thread other(slice, half);
    slice(0);
    other.join();
    EXPECT_EQ(dst, scene.frame);
  }
  const std::string said = GetCapturedStderr();
  EXPECT_THAT(said, HasSubstr("slices"));
  EXPECT_EQ(std::count(said.begin(), said.end(), '\n'), 1) << said;
}

}  // namespace
