// The task on a GPU: the CPU's mattes, every setting, and what happens where it cannot be used.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <tuple>
#include <utility>
#include <vector>

#include "infer_background_matting/task.hpp"
#include "task/scene.hpp"

namespace matting {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Mean differences, in levels, that rounding may make.
constexpr double kFp32Mean = 0.25, kFp16Mean = 0.5, kBf16Mean = 2;

nlohmann::json report_of(const BackgroundMattingTask& task) {
  return nlohmann::json::parse(task.to_json());
}

// Why there is no GPU to test, or "".
const std::string& missing_gpu() {
  static const std::string reason = [] {
    BackgroundMattingTask task;
    task.run(Scene(64, 64, PixelFormat::kRgb8).inputs());
    const auto json = report_of(task);
    return json["device"] == "cpu" ? "not run on a GPU: " + json["warnings"].dump() : "";
  }();
  return reason;
}

double mean_difference(const Image& first, const Image& second) {
  const int values = first.width() * channel_count(first.format());
  double sum = 0;
  for (int y = 0; y < first.height(); ++y) {
    const std::uint8_t* a = first.view().row(y);
    const std::uint8_t* b = second.view().row(y);
    for (int i = 0; i < values; ++i) sum += std::abs(a[i] - b[i]);
  }
  return sum / values / first.height();
}

void expect_near(const MattingResult& found, const MattingResult& wanted, double mean) {
  EXPECT_LE(mean_difference(found.alpha, wanted.alpha), mean);
  EXPECT_LE(mean_difference(found.foreground, wanted.foreground), mean);
  EXPECT_LE(mean_difference(found.error, wanted.error), mean);
  EXPECT_LE(mean_difference(found.composite, wanted.composite), mean);
}

class Cuda : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!missing_gpu().empty()) GTEST_SKIP() << missing_gpu();
    cpu_.set_parameters({{"cuda", "cpu"}, {"engine", "torchscript"}});
    set_both({{"precision", "fp32"}, {"plate_projection", "off"}});
  }

  void set_both(const ParameterMap& parameters) {
    cpu_.set_parameters(parameters);
    gpu_.set_parameters(parameters);
  }

  void expect_same(const Scene& scene) {
    const MattingResult wanted = cpu_.run(scene.inputs());
    expect_near(gpu_.run(scene.inputs()), wanted, kFp32Mean);
    EXPECT_EQ(report_of(gpu_)["device"], "cuda:0");
  }

  ErrorCode run_code(std::string* text = nullptr) {
    try {
      gpu_.run(scene_.inputs());
    } catch (const Error& error) {
      if (text) *text = error.what();
      return error.code();
    }
    return static_cast<ErrorCode>(0);
  }

  const Scene scene_{640, 400, PixelFormat::kRgb8};
  BackgroundMattingTask cpu_, gpu_;  // gpu_: cuda as it is without a word
};

TEST_F(Cuda, IsTakenByDefaultAndSaysWhatRan) {
  BackgroundMattingTask task;
  const MattingResult result = task.run(scene_.inputs());
  EXPECT_GT(result.alpha.view().row(250)[320], 240) << "inside of the subject";
  EXPECT_LT(result.alpha.view().row(6)[6], 12) << "in the background";
  const auto json = report_of(task);
  EXPECT_EQ(json["device"], "cuda:0");
  EXPECT_EQ(json["isa"], "cuda");
  EXPECT_EQ(json["engine"], "torchscript");
  EXPECT_EQ(json["precision"], "fp16");
  EXPECT_EQ(json["parameters"]["cuda"], "cuda");
  EXPECT_THAT(json["warnings"], IsEmpty());
}

TEST_F(Cuda, GivesTheMatteOfTheCpuInEveryPrecision) {
  for (const char* projection : {"off", "on"}) {
    set_both({{"plate_projection", projection}, {"precision", "fp32"}});
    const MattingResult wanted = cpu_.run(scene_.inputs());
    for (const auto& [asked, named, mean] :
         {std::tuple("fp32", "fp32", kFp32Mean), std::tuple("fp16", "fp16", kFp16Mean),
          std::tuple("auto", "fp16", kFp16Mean), std::tuple("bf16", "bf16", kBf16Mean)}) {
      SCOPED_TRACE(std::string(asked) + ", plate_projection " + projection);
      gpu_.set_parameters({{"precision", asked}});
      expect_near(gpu_.run(scene_.inputs()), wanted, mean);
      EXPECT_EQ(report_of(gpu_)["precision"], named);
    }
  }
}

// More than one GPU is not needed: the first one has a number, too.
TEST_F(Cuda, IsTheFirstGpuByNumber) {
  const MattingResult wanted = gpu_.run(scene_.inputs());
  gpu_.set_parameters({{"cuda", "cuda:0"}});
  expect_near(gpu_.run(scene_.inputs()), wanted, kFp32Mean);
  EXPECT_EQ(report_of(gpu_)["device"], "cuda:0");
}

TEST_F(Cuda, AGpuThatIsNotThereIsAnErrorThatCountsThem) {
  std::string text;
  gpu_.set_parameters({{"cuda", "cuda:77"}});
  EXPECT_EQ(run_code(&text), ErrorCode::kDeviceUnavailable);
  EXPECT_THAT(text, HasSubstr("cuda:77"));
  EXPECT_THAT(text, ::testing::ContainsRegex("there (is 1 GPU|are [1-9][0-9]* GPUs)"));
  gpu_.set_parameters({{"cuda", "cuda"}});
  EXPECT_EQ(run_code(), static_cast<ErrorCode>(0));
}

TEST_F(Cuda, EverySizeWorksAfterAnyOther) {
  for (const auto& [width, height] :
       {std::pair{640, 400}, {128, 96}, {17, 31}, {641, 399}, {16, 16}, {640, 400}}) {
    SCOPED_TRACE(std::to_string(width) + "x" + std::to_string(height));
    expect_same(Scene(width, height, PixelFormat::kRgb8));
  }
}

TEST_F(Cuda, RunsAtFullSize) {
  const Scene scene(1920, 1080, PixelFormat::kRgb8);
  expect_same(scene);
  const double share = report_of(gpu_)["refined_share"];
  EXPECT_NEAR(share, report_of(cpu_)["refined_share"].get<double>(), 1e-3);
  const MattingResult wanted = cpu_.run(scene.inputs());
  gpu_.set_parameters({{"precision", "auto"}});
  expect_near(gpu_.run(scene.inputs()), wanted, kFp16Mean);
}

TEST_F(Cuda, EveryFormatGivesTheSameMatte) {
  const MattingResult wanted = gpu_.run(scene_.inputs());
  for (const PixelFormat format : {PixelFormat::kBgr8, PixelFormat::kRgba8, PixelFormat::kBgra8}) {
    const MattingResult result = gpu_.run(Scene(640, 400, format).inputs());
    EXPECT_LE(mean_difference(result.alpha, wanted.alpha), 0.01) << format_name(format);
  }
  set_both({{"background", "#00ff00"}});
  expect_same(Scene(640, 400, PixelFormat::kGray8));
}

TEST_F(Cuda, SixteenBitsGiveTheSameMatte) {
  const MattingResult wanted = gpu_.run(scene_.inputs());
  const MattingResult deep = gpu_.run(Scene(640, 400, PixelFormat::kRgb16).inputs());
  ASSERT_EQ(deep.alpha.format(), PixelFormat::kGray16);
  double sum = 0;
  for (int y = 0; y < 400; ++y) {
    const auto* row = reinterpret_cast<const std::uint16_t*>(deep.alpha.view().row(y));
    for (int x = 0; x < 640; ++x) sum += std::abs(row[x] / 257.0 - wanted.alpha.view().row(y)[x]);
  }
  EXPECT_LT(sum / (640 * 400), 0.5) << "8 bits are rounded";
}

TEST_F(Cuda, RowsMayBePadded) {
  const MattingResult wanted = gpu_.run(scene_.inputs());
  const int stride = 3 * 640 + 29;
  std::vector<std::uint8_t> padded(stride * 400, 0xAB);
  for (int y = 0; y < 400; ++y) {
    std::memcpy(padded.data() + y * stride, scene_.image.view().row(y), 3 * 640);
  }
  TaskInputs inputs = scene_.inputs();
  inputs.image.data = padded.data();
  inputs.image.stride_bytes = stride;
  EXPECT_LE(mean_difference(gpu_.run(inputs).alpha, wanted.alpha), 0.01);
}

// The module is frozen there: what is set from outside must have stayed settable.
TEST_F(Cuda, SettingsActAsOnTheCpu) {
  const double all = 160 * 100;  // patches
  for (const auto& [parameters, share] : std::vector<std::pair<ParameterMap, double>>{
           {{{"model_refine_pixels", "16000"}}, 1000 / all},
           {{{"model_refine_pixels", "0"}}, 0},
           {{{"model_refine_mode", "full"}}, 1},
           {{{"model_type", "mattingbase"}}, 0}}) {
    SCOPED_TRACE(parameters.begin()->second);
    set_both(parameters);
    expect_same(scene_);
    EXPECT_LE(report_of(gpu_)["refined_share"], share + 1e-9);
    EXPECT_NEAR(report_of(gpu_)["refined_share"].get<double>(),
                report_of(cpu_)["refined_share"].get<double>(), 5e-3);
  }
  set_both({{"model_type", "mattingrefine"}, {"model_refine_mode", "thresholding"}});
  for (const char* threshold : {"0.02", "0.9"}) {
    SCOPED_TRACE(threshold);
    set_both({{"model_refine_threshold", threshold}});
    expect_same(scene_);
    EXPECT_NEAR(report_of(gpu_)["refined_share"].get<double>(),
                report_of(cpu_)["refined_share"].get<double>(), 5e-3);
  }
  set_both({{"model_backbone_min_side", "0"}, {"model_backbone_scale", "0.5"}});
  expect_same(scene_);
}

TEST_F(Cuda, ANewPlateIsUploadedWhenItsGenerationChanges) {
  TaskInputs inputs = scene_.inputs();
  inputs.plate.generation = 1;
  const MattingResult wanted = gpu_.run(inputs);
  EXPECT_LE(mean_difference(gpu_.run(inputs).alpha, wanted.alpha), 0.01) << "kept";
  inputs.plate = scene_.image.view();  // with the subject: nothing is left of it
  inputs.plate.generation = 2;
  EXPECT_LT(gpu_.run(inputs).alpha.view().row(250)[320], 12);
  EXPECT_EQ(report_of(gpu_)["device"], "cuda:0");
}

TEST_F(Cuda, EachOutputAloneIsAsAmongAll) {
  const MattingResult all = gpu_.run(scene_.inputs());
  Image alpha(640, 400, PixelFormat::kGray8), foreground(640, 400, PixelFormat::kRgb8);
  gpu_.run(scene_.inputs(), {{}, alpha.mutable_view(), {}, {}});
  gpu_.run(scene_.inputs(), {{}, {}, foreground.mutable_view(), {}});
  EXPECT_LE(mean_difference(alpha, all.alpha), 0.01);
  EXPECT_LE(mean_difference(foreground, all.foreground), 0.01);
}

TEST_F(Cuda, TasksInThreadsAgree) {
  const char* const modes[] = {"sampling", "full"};
  std::vector<MattingResult> wanted(2);
  for (int i = 0; i < 2; ++i) {
    gpu_.set_parameters({{"model_refine_mode", modes[i]}});
    wanted[i] = gpu_.run(scene_.inputs());
  }
  std::atomic<int> equal{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      BackgroundMattingTask task;
      task.set_parameters({{"precision", "fp32"}, {"plate_projection", "off"}});
      task.set_parameters({{"model_refine_mode", modes[i % 2]}});
      for (int round = 0; round < 3; ++round) {
        const MattingResult result = task.run(scene_.inputs());
        equal += mean_difference(result.alpha, wanted[i % 2].alpha) <= 0.02;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(equal, 12);
}

TEST_F(Cuda, TasksComeAndGo) {
  const MattingResult wanted = gpu_.run(scene_.inputs());
  gpu_ = BackgroundMattingTask();  // the last one that held the weights
  for (int round = 0; round < 3; ++round) {
    BackgroundMattingTask task;
    task.set_parameters({{"precision", "fp32"}, {"plate_projection", "off"}});
    task.prepare(scene_.inputs());
    expect_near(task.run(scene_.inputs()), wanted, 0.02);
    EXPECT_GT(task.estimate_memory(1920, 1080), 1u << 20);
  }
}

TEST_F(Cuda, CancelStopsTheRunAndTheNextOneWorks) {
  gpu_.set_progress([&](int step, int, const char*) {
    if (step == 6) gpu_.cancel();
  });
  EXPECT_EQ(run_code(), ErrorCode::kCancelled);
  gpu_.set_progress({});
  EXPECT_EQ(run_code(), static_cast<ErrorCode>(0));
}

TEST_F(Cuda, TheNativeEngineStaysOnTheCpu) {
  gpu_.set_parameters({{"engine", "native"}});
  expect_near(gpu_.run(scene_.inputs()), cpu_.run(scene_.inputs()), kFp32Mean);
  EXPECT_EQ(report_of(gpu_)["device"], "cpu");
  EXPECT_EQ(report_of(gpu_)["engine"], "native");
  std::string text;
  gpu_.set_parameters({{"cuda", "cuda:0"}});
  EXPECT_EQ(run_code(&text), ErrorCode::kNotSupported);
  EXPECT_THAT(text, HasSubstr("native runs on the CPU"));
}

// safetensors holds no code: a GPU is taken if there is one for it, and there is none.
TEST_F(Cuda, WeightsWithoutCodeRunOnTheCpuWithOneWarning) {
  gpu_.set_parameters({{"model_path", MATTING_DEFAULT_MODEL}});
  expect_near(gpu_.run(scene_.inputs()), cpu_.run(scene_.inputs()), kFp32Mean);
  EXPECT_EQ(report_of(gpu_)["device"], "cpu");
  const auto warnings = report_of(gpu_)["warnings"].get<std::vector<std::string>>();
  EXPECT_THAT(warnings, ElementsAre(HasSubstr("safetensors")));
  std::string text;
  gpu_.set_parameters({{"cuda", "cuda:0"}});
  EXPECT_EQ(run_code(&text), ErrorCode::kNotSupported) << "asked for by number";
  EXPECT_THAT(text, HasSubstr("set cuda to cpu"));
}

TEST_F(Cuda, WhatItDoesNotOfferIsRefusedOrSaid) {
  std::string text;
  gpu_.set_parameters({{"precision", "int8"}});
  EXPECT_EQ(run_code(&text), ErrorCode::kNotSupported);
  EXPECT_THAT(text, HasSubstr("engine=native"));
  gpu_.set_parameters({{"precision", "auto"}, {"model_region_margin", "0.1"}});
  EXPECT_EQ(run_code(), static_cast<ErrorCode>(0));
  const auto warnings = report_of(gpu_)["warnings"].get<std::vector<std::string>>();
  EXPECT_THAT(warnings, ElementsAre(HasSubstr("model_region_margin has no effect")));
}

}  // namespace
}  // namespace matting
