// The task with the embedded default model: life cycle, outputs, errors, threads.
#include "infer_background_matting/task.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <thread>
#include <utility>

#include "task/scene.hpp"

namespace matting {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class Task : public ::testing::Test {
 protected:
  Task() { task_.set_parameters({{"cuda", "cpu"}, {"threads", "1"}}); }

  ErrorCode run_code(const TaskInputs& inputs, std::string* text = nullptr) {
    try {
      task_.run(inputs);
    } catch (const Error& error) {
      if (text) *text = error.what();
      return error.code();
    }
    return static_cast<ErrorCode>(0);
  }

  const Scene scene_{128, 96, PixelFormat::kRgb8};
  BackgroundMattingTask task_;
};

int level(const Image& image, int x, int y) {
  return image.view().row(y)[x];
}

TEST_F(Task, FindsTheSubject) {
  const MattingResult result = task_.run(scene_.inputs());
  EXPECT_GT(level(result.alpha, 64, 60), 240) << "inside of the subject";
  EXPECT_LT(level(result.alpha, 6, 6), 12) << "in the background";
  EXPECT_EQ(result.composite.format(), PixelFormat::kRgba8);
  EXPECT_EQ(result.foreground.width(), 128);
}

TEST_F(Task, SaysWhatRan) {
  task_.run(scene_.inputs());
  const auto json = nlohmann::json::parse(task_.to_json());
  EXPECT_EQ(json["parameters"]["model_type"], "mattingrefine");
  EXPECT_EQ(json["size"]["width"], 128);
  EXPECT_EQ(json["model"]["sha256"].get<std::string>().size(), 64u);
  EXPECT_EQ(json["device"], "cpu");
  EXPECT_FALSE(json["engine"].get<std::string>().empty());
  EXPECT_FALSE(json["isa"].get<std::string>().empty());
  EXPECT_EQ(json["refiner_hands_on"], json["engine"] == "native") << "of the default model";
  EXPECT_EQ(json["stages_ms"].size(), static_cast<std::size_t>(BackgroundMattingTask::kStepCount));
  EXPECT_EQ(json["outputs"].size(), 4u);
  EXPECT_THAT(json["outputs"][1]["shape"].get<std::vector<int>>(), ElementsAre(96, 128, 1));
  EXPECT_GE(json["error_max"], json["error_mean"]);
}

TEST_F(Task, ToJsonIsEmptyBeforeTheFirstRun) {
  EXPECT_EQ(task_.to_json(), "{}");
}

TEST_F(Task, EverySizeKeepsItsSize) {
  for (const auto& [width, height] : {std::pair{16, 16}, {17, 31}, {65, 63}, {130, 97}}) {
    const Scene scene(width, height, PixelFormat::kBgr8);
    const MattingResult result = task_.run(scene.inputs());
    EXPECT_EQ(result.alpha.width(), width);
    EXPECT_EQ(result.alpha.height(), height);
  }
}

TEST_F(Task, EveryFormatGivesTheSameMatte) {
  const MattingResult wanted = task_.run(scene_.inputs());
  for (const PixelFormat format : {PixelFormat::kBgr8, PixelFormat::kRgba8, PixelFormat::kBgra8}) {
    const Scene scene(128, 96, format);
    const MattingResult result = task_.run(scene.inputs());
    EXPECT_EQ(0, std::memcmp(result.alpha.view().data, wanted.alpha.view().data, 128 * 96))
        << format_name(format);
  }
}

// Largest and mean difference of a 16-bit alpha to one of 8 bits, in 8-bit levels.
std::pair<double, double> differences(const Image& deep, const Image& shallow) {
  double largest = 0, sum = 0;
  for (int y = 0; y < deep.height(); ++y) {
    const auto* row = reinterpret_cast<const std::uint16_t*>(deep.view().row(y));
    for (int x = 0; x < deep.width(); ++x) {
      const double difference = std::abs(row[x] / 257.0 - level(shallow, x, y));
      largest = std::max(largest, difference);
      sum += difference;
    }
  }
  return {largest, sum / (deep.width() * deep.height())};
}

TEST_F(Task, SixteenBitsGiveTheSameMatte) {
  const Scene deep(128, 96, PixelFormat::kRgb16);
  for (const bool projects : {false, true}) {
    task_.set_parameters({{"plate_projection", projects ? "on" : "off"}});
    const MattingResult result = task_.run(deep.inputs());
    ASSERT_EQ(result.alpha.format(), PixelFormat::kGray16);
    const auto [largest, mean] = differences(result.alpha, task_.run(scene_.inputs()).alpha);
    // The projection takes the colours of pixels whose alpha is sure; one can be so in one depth
    // only, and is a cell of its own in so small a picture.
    EXPECT_LT(largest, projects ? 12 : 2);
    EXPECT_LT(mean, 0.3);
  }
}

TEST_F(Task, GreyPicturesWork) {
  const Scene scene(128, 96, PixelFormat::kGray8);
  TaskInputs inputs = scene.inputs();
  inputs.background = scene.plate.view();
  const MattingResult result = task_.run(inputs);
  EXPECT_EQ(result.composite.format(), PixelFormat::kGray8);
  EXPECT_EQ(result.foreground.format(), PixelFormat::kRgb8);
}

TEST_F(Task, AlphaDoesNotDependOnTheNewBackground) {
  const MattingResult without = task_.run(scene_.inputs());
  task_.set_parameters({{"background", "#00ff00"}});
  const MattingResult with = task_.run(scene_.inputs());
  EXPECT_EQ(with.composite.format(), PixelFormat::kRgb8);
  EXPECT_EQ(0, std::memcmp(without.alpha.view().data, with.alpha.view().data, 128 * 96));
  const std::uint8_t* corner = with.composite.view().row(3) + 3 * 3;
  EXPECT_GT(corner[1], 240);
}

TEST_F(Task, TheMaskRules) {
  Image mask(128, 96, PixelFormat::kGray8);
  for (int y = 0; y < 96; ++y) std::memset(mask.mutable_view().row(y), y < 48 ? 0 : 255, 128);
  TaskInputs inputs = scene_.inputs();
  inputs.mask = mask.view();
  const MattingResult result = task_.run(inputs);
  EXPECT_EQ(level(result.alpha, 64, 40), 0);
  EXPECT_EQ(level(result.alpha, 5, 60), 255);
}

TEST_F(Task, RunsAgainGiveTheSameBytes) {
  const MattingResult first = task_.run(scene_.inputs());
  const MattingResult second = task_.run(scene_.inputs());
  EXPECT_EQ(0,
            std::memcmp(first.composite.view().data, second.composite.view().data, 4 * 128 * 96));
}

TEST_F(Task, OutputsThatAreNotGivenAreNotComputed) {
  Image alpha(128, 96, PixelFormat::kGray8);
  TaskOutputs outputs;
  outputs.alpha = alpha.mutable_view();
  task_.run(scene_.inputs(), outputs);
  EXPECT_GT(level(alpha, 64, 60), 240);
}

TEST_F(Task, RowsMayBePaddedAndThePaddingStaysUntouched) {
  const int stride = 3 * 128 + 29;
  std::vector<std::uint8_t> padded(stride * 96, 0xAB), foreground(stride * 96, 0xCD);
  for (int y = 0; y < 96; ++y) {
    std::memcpy(padded.data() + y * stride, scene_.image.view().row(y), 3 * 128);
  }
  TaskInputs inputs = scene_.inputs();
  inputs.image.data = padded.data();
  inputs.image.stride_bytes = stride;
  TaskOutputs outputs;
  outputs.foreground = {PixelFormat::kRgb8, 128, 96, stride, foreground.data()};
  task_.run(inputs, outputs);
  const MattingResult wanted = task_.run(scene_.inputs());
  for (int y = 0; y < 96; ++y) {
    const std::uint8_t* row = foreground.data() + y * stride;
    ASSERT_EQ(0, std::memcmp(row, wanted.foreground.view().row(y), 3 * 128));
    for (int i = 3 * 128; i < stride; ++i) ASSERT_EQ(row[i], 0xCD);
  }
}

TEST_F(Task, ProgressCountsEveryStep) {
  std::vector<int> steps;
  task_.set_progress([&](int step, int count, const char*) {
    EXPECT_EQ(count, BackgroundMattingTask::kStepCount);
    steps.push_back(step);
  });
  task_.run(scene_.inputs());
  EXPECT_THAT(steps, ElementsAre(1, 2, 3, 4, 5, 6, 7));
}

TEST_F(Task, CancelStopsTheRunAndTheNextOneWorks) {
  task_.set_progress([&](int step, int, const char*) {
    if (step == 4) task_.cancel();
  });
  EXPECT_EQ(run_code(scene_.inputs()), ErrorCode::kCancelled);
  task_.set_progress({});
  task_.cancel();  // without a run: forgotten
  EXPECT_EQ(run_code(scene_.inputs()), static_cast<ErrorCode>(0));
}

TEST_F(Task, ErrorsNameWhatWasFoundAndTheNextRunWorks) {
  std::string text;
  EXPECT_EQ(run_code({}, &text), ErrorCode::kMissingInput);
  TaskOutputs outputs;
  Image wrong(64, 64, PixelFormat::kGray8);
  outputs.alpha = wrong.mutable_view();
  EXPECT_THROW(task_.run(scene_.inputs(), outputs), Error);
  EXPECT_EQ(run_code(scene_.inputs()), static_cast<ErrorCode>(0));
}

TEST_F(Task, AModelThatIsNoneIsRefusedAndTheTaskGoesOn) {
  std::string text;
  task_.set_parameters({{"model_path", "/nowhere/model.pt"}});
  EXPECT_EQ(run_code(scene_.inputs(), &text), ErrorCode::kModelNotFound);
  EXPECT_THAT(text, HasSubstr("/nowhere/model.pt"));

  const std::string path = ::testing::TempDir() + "not_a_model.pt";
  std::ofstream(path) << "these are not the weights you are looking for";
  task_.set_parameters({{"model_path", path}});
  const ErrorCode code = run_code(scene_.inputs(), &text);
  // What is no safetensors file is left to LibTorch, and a build without it can only say so.
  EXPECT_TRUE(code == ErrorCode::kModelInvalid || code == ErrorCode::kNotSupported) << text;
  if (code == ErrorCode::kModelInvalid) {
    EXPECT_THAT(text, HasSubstr(path));
  }
  std::remove(path.c_str());

  task_.set_parameters({{"model_path", ""}});
  EXPECT_EQ(run_code(scene_.inputs()), static_cast<ErrorCode>(0));
}

TEST_F(Task, AGpuAskedForByNumberMustBeThere) {
  std::string text;
  task_.set_parameters({{"cuda", "cuda:77"}});
  EXPECT_EQ(run_code(scene_.inputs(), &text), ErrorCode::kDeviceUnavailable);
  EXPECT_THAT(text, HasSubstr("cuda:77"));
}

TEST_F(Task, WithoutAGpuTheCpuIsTakenWithOneWarning) {
  int warnings = 0;
  task_.set_log([&](int level, const std::string&) { warnings += level == 2; });
  task_.set_parameters({{"cuda", "cuda"}});
  task_.run(scene_.inputs());
  task_.run(scene_.inputs());
  const auto json = nlohmann::json::parse(task_.to_json());
  if (json["device"] != "cpu") GTEST_SKIP() << "this machine has a GPU";
  EXPECT_EQ(warnings, 1);
  EXPECT_THAT(json["warnings"][0].get<std::string>(), HasSubstr("cuda is not available"));
}

TEST_F(Task, ModelTypesAndModesSwitchBetweenRuns) {
  for (const char* mode : {"full", "thresholding", "sampling"}) {
    task_.set_parameters({{"model_refine_mode", mode}, {"model_refine_threshold", "0.1"}});
    EXPECT_GT(level(task_.run(scene_.inputs()).alpha, 64, 60), 230) << mode;
  }
  task_.set_parameters({{"model_type", "mattingbase"}});
  task_.run(scene_.inputs());
  EXPECT_EQ(nlohmann::json::parse(task_.to_json())["refined_share"], 0.0);
}

TEST_F(Task, RaisesTheScaleOfSmallPictures) {
  const auto scale_with = [&](const ParameterMap& parameters, const Scene& scene) {
    task_.set_parameters(parameters);
    task_.run(scene.inputs());
    return nlohmann::json::parse(task_.to_json())["backbone_scale"].get<double>();
  };
  const Scene large(640, 96, PixelFormat::kRgb8);
  EXPECT_EQ(scale_with({}, scene_), 1) << "smaller than what the default model is made for";
  EXPECT_EQ(scale_with({}, large), 0.8) << "480 is needed, 512 are the next that are whole";
  EXPECT_EQ(scale_with({{"model_backbone_min_side", "fine"}}, large), 1) << "896 are better still";
  task_.set_parameters({{"model_backbone_min_side", "auto"}});
  EXPECT_EQ(scale_with({{"model_backbone_scale", "0.9"}}, large), 0.9) << "never lowered";
  EXPECT_EQ(scale_with({{"model_backbone_min_side", "64"}}, scene_), 0.9);
  task_.set_parameters({{"model_backbone_scale", "0.25"}});
  EXPECT_EQ(scale_with({{"model_backbone_min_side", "64"}}, scene_), 0.5);
  EXPECT_EQ(scale_with({{"model_backbone_min_side", "0"}}, scene_), 0.25);
}

TEST_F(Task, GivesEachOutputAloneAsItIsAmongAll) {
  const MattingResult all = task_.run(scene_.inputs());
  Image alpha(128, 96, PixelFormat::kGray8), foreground(128, 96, PixelFormat::kRgb8);
  Image composite(128, 96, PixelFormat::kRgba8);
  task_.run(scene_.inputs(), {{}, alpha.mutable_view(), {}, {}});
  task_.run(scene_.inputs(), {{}, {}, foreground.mutable_view(), {}});
  task_.run(scene_.inputs(), {composite.mutable_view(), {}, {}, {}});
  EXPECT_EQ(0, std::memcmp(alpha.view().data, all.alpha.view().data, 128 * 96));
  EXPECT_EQ(0, std::memcmp(foreground.view().data, all.foreground.view().data, 3 * 128 * 96));
  EXPECT_EQ(0, std::memcmp(composite.view().data, all.composite.view().data, 4 * 128 * 96));
  task_.set_parameters({{"plate_projection", "off"}});
  const MattingResult without = task_.run(scene_.inputs());
  EXPECT_NE(0, std::memcmp(without.alpha.view().data, all.alpha.view().data, 128 * 96));
}

// So that published models give what they give elsewhere.
TEST_F(Task, LeavesTheScaleToModelsThatItDoesNotKnow) {
  std::ifstream known(MATTING_DEFAULT_MODEL, std::ios::binary);
  std::string bytes((std::istreambuf_iterator<char>(known)), {});
  ASSERT_GT(bytes.size(), 1000u);
  bytes[bytes.size() - 2] ^= 1;  // the last bit of the last weight
  const std::string path = ::testing::TempDir() + "unknown_model.safetensors";
  std::ofstream(path, std::ios::binary) << bytes;
  task_.set_parameters({{"model_path", MATTING_DEFAULT_MODEL}});
  task_.run(scene_.inputs());
  auto json = nlohmann::json::parse(task_.to_json());
  EXPECT_EQ(json["backbone_scale"], 1);
  EXPECT_EQ(json["plate_projection"], true);
  task_.set_parameters({{"model_path", path}});
  task_.run(scene_.inputs());
  json = nlohmann::json::parse(task_.to_json());
  EXPECT_EQ(json["backbone_scale"], 0.25);
  EXPECT_EQ(json["plate_projection"], false);
  std::remove(path.c_str());
}

TEST(TaskThreads, InstancesRunAtOnceWithDifferentSettings) {
  const Scene scene(96, 96, PixelFormat::kRgb8);
  const char* const modes[] = {"sampling", "full"};
  std::vector<MattingResult> wanted(2);
  for (int i = 0; i < 2; ++i) {
    BackgroundMattingTask task;
    task.set_parameters({{"cuda", "cpu"}, {"threads", "1"}, {"model_refine_mode", modes[i]}});
    wanted[i] = task.run(scene.inputs());
  }
  std::atomic<int> equal{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      BackgroundMattingTask task;
      task.set_parameters({{"cuda", "cpu"}, {"threads", "1"}, {"model_refine_mode", modes[i % 2]}});
      for (int round = 0; round < 3; ++round) {
        const MattingResult result = task.run(scene.inputs());
        equal +=
            std::memcmp(result.alpha.view().data, wanted[i % 2].alpha.view().data, 96 * 96) == 0;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(equal, 12);
}

TEST_F(Task, TheEnginesGiveTheSameMatte) {
  task_.set_parameters({{"precision", "fp32"}, {"engine", "native"}});
  const MattingResult native = task_.run(scene_.inputs());
  EXPECT_EQ(nlohmann::json::parse(task_.to_json())["engine"], "native");
  task_.set_parameters({{"engine", "torchscript"}});
  MattingResult script;
  try {
    script = task_.run(scene_.inputs());
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kNotSupported) throw;
    GTEST_SKIP() << "built without LibTorch: " << error.what();
  }
  EXPECT_EQ(nlohmann::json::parse(task_.to_json())["engine"], "torchscript");
  for (int y = 0; y < 96; ++y) {
    for (int x = 0; x < 128; ++x) {
      ASSERT_NEAR(level(native.alpha, x, y), level(script.alpha, x, y), 1) << x << ", " << y;
      ASSERT_NEAR(level(native.error, x, y), level(script.error, x, y), 1) << x << ", " << y;
    }
  }
}

TEST_F(Task, LeavesWorkOutWhereItIsAskedToAndSaysSo) {
  const Scene scene(640, 400, PixelFormat::kRgb8);
  TaskInputs inputs = scene.inputs();
  inputs.plate.generation = 1;
  task_.set_parameters({{"model_region_margin", "0.02"}, {"model_refine_change", "0"}});
  task_.run(inputs);
  const MattingResult result = task_.run(inputs);
  EXPECT_GT(level(result.alpha, 320, 250), 240);
  EXPECT_EQ(level(result.alpha, 6, 6), 0);
  const auto json = nlohmann::json::parse(task_.to_json());
  EXPECT_LT(json["region"]["width"], 640);
  EXPECT_GT(json["region"]["x"], 0);
  EXPECT_EQ(json["refined_share"], 0.0);
  EXPECT_GT(json["reused_share"], 0.0);
  EXPECT_THAT(json["warnings"], ::testing::IsEmpty());
}

TEST_F(Task, TheTorchScriptEngineRefusesToLeaveWorkOut) {
  task_.set_parameters({{"engine", "torchscript"}});
  if (run_code(scene_.inputs()) == ErrorCode::kNotSupported) {
    GTEST_SKIP() << "built without LibTorch";
  }
  EXPECT_EQ(nlohmann::json::parse(task_.to_json())["region"]["width"], 128);
  for (const char* name : {"model_region_margin", "model_refine_change"}) {
    task_.set_parameters({{name, "0.1"}});
    std::string text;
    EXPECT_EQ(run_code(scene_.inputs(), &text), ErrorCode::kNotSupported);
    EXPECT_THAT(text, HasSubstr(name));
    task_.set_parameters({{name, "off"}});
  }
}

TEST_F(Task, EstimatesMemoryThatGrowsWithTheSize) {
  task_.set_parameters({{"model_backbone_min_side", "0"}});
  const auto small = task_.estimate_memory(640, 360);
  EXPECT_GT(small, 1u << 20);
  EXPECT_GT(task_.estimate_memory(1920, 1080), small);
}

}  // namespace
}  // namespace matting
