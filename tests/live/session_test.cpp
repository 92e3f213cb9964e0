// Whole sessions with the matting plugin on tiny pictures. Camera and clock are the test's: nothing
// depends on how fast this computer is.
#include "live/session.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "engine/reference_cases.hpp"
#include "error_of.hpp"
#include "live/recorder.hpp"
#include "scripted_camera.hpp"
#include "temporary_folder.hpp"
#include "video/frame_source.hpp"

namespace live {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using video_matting::FramePointer;
using workflow::Image;

constexpr std::uint32_t kWidth = 96, kHeight = 64;
constexpr int kEmptyFrames = 40;  // of the scene, before somebody steps in

// A grey wall; from kEmptyFrames on with a white square in the middle.
Image scene(int number) {
  Image image(kWidth, kHeight, WF_FORMAT_RGB8);
  for (std::uint32_t y = 0; y < kHeight; ++y) {
    for (std::uint32_t x = 0; x < 3 * kWidth; ++x) {
      const bool inside = x / 3 >= 34 && x / 3 < 62 && y >= 14 && y < 50;
      image.row(y)[x] = number >= kEmptyFrames && inside ? 255 : 112;
    }
  }
  return image;
}

// Calls a function with every frame.
class Watch final : public LiveSink {
 public:
  std::function<void(const video_matting::FrameSlot&)> on_frame = [](const auto&) {};
  std::int64_t frames = 0, matted = 0;
  void show(const FramePointer& frame) override {
    ++frames;
    matted += !frame->results[video_matting::kAlpha].empty();
    on_frame(*frame);
  }
};

// Plates as they are; counts how often it begins anew, and warns of every frame.
class CountingRepair : public video_matting::FrameRepair {
 public:
  int begins = 0, frames = 0;  // frames since it began
  void begin_part() override {
    ++begins;
    frames = 0;
  }
  Image plate_for(const Image&, const Image& plate, nlohmann::ordered_json&) override {
    ++frames;
    return plate;
  }
  void mend(const Image&, Image&, nlohmann::ordered_json&) override {}
  bool changes_alpha() const override { return false; }
  std::string description() const override { return "counting"; }
  nlohmann::ordered_json summary() const override { return {}; }
  std::vector<std::string> frame_warnings() const override {
    return {"warning " + std::to_string(frames)};
  }
  std::vector<std::string> warnings() const override { return {}; }
};

// Says that the subject is everywhere.
class CoveringRepair final : public CountingRepair {
 public:
  void mend(const Image&, Image& alpha, nlohmann::ordered_json&) override {
    for (std::uint32_t y = 0; y < alpha.height(); ++y) {
      std::fill_n(alpha.row(y), alpha.width(), level);
    }
  }
  bool changes_alpha() const override { return true; }
  std::uint8_t level = 255;
};

class SessionTest : public ::testing::Test {
 protected:
  SessionTest() {
    workflow_.add_task("infer_background_matting");
    workflow_.set_parameters(0, {{"cuda", "cpu"}, {"threads", "1"}});
    settings_.capture = {0.2, 0.2, 5};
    settings_.govern = false;
    settings_.log = folder_.file("log.jsonl");
    observer_.commands = [this] { return next_commands(); };
    observer_.notice = [this](const std::string& text) { notices_.push_back(text); };
    observer_.status = [this](const Status& status) { statuses_.push_back(status); };
  }

  static std::shared_ptr<workflow::PluginRegistry> registry() {
    auto made = std::make_shared<workflow::PluginRegistry>();
    made->load(MATTING_PLUGIN);
    return made;
  }

  // Between frames: the camera gives the next one, and somebody may press a key.
  std::vector<Command> next_commands() {
    std::vector<Command> commands;
    const auto found = keys_.find(turn_);
    if (found != keys_.end()) commands.push_back(found->second);
    ++turn_;
    camera_->let(1);
    return commands;
  }

  Status run(int frames, std::vector<LiveSink*> more_sinks = {}, bool breaks = false) {
    camera_ = std::make_unique<ScriptedCamera>(kWidth, kHeight, draw_, frames, breaks);
    more_sinks.push_back(&watch_);
    Session session(
        settings_, workflow_, *camera_, more_sinks,
        [this] { return camera_->seconds(extra_seconds_); }, repair_);
    return session.run(observer_);
  }

  std::vector<nlohmann::json> log() const {
    std::vector<nlohmann::json> lines;
    std::ifstream file(settings_.log);
    for (std::string line; std::getline(file, line);) lines.push_back(nlohmann::json::parse(line));
    return lines;
  }

  TemporaryFolder folder_;
  workflow::Workflow workflow_{registry()};
  SessionSettings settings_;
  Observer observer_;
  ScriptedCamera::Draw draw_ = scene;
  std::unique_ptr<ScriptedCamera> camera_;
  Watch watch_;
  video_matting::FrameRepair* repair_ = nullptr;
  std::map<int, Command> keys_;  // by the number of the frame that comes next
  double extra_seconds_ = 0;     // of work that the test pretends
  int turn_ = 0;
  std::vector<std::string> notices_;
  std::vector<Status> statuses_;
};

TEST_F(SessionTest, TakesThePlateByKeyAndMattesFromThenOn) {
  keys_[3] = Command::kTakePlate;
  int subject = 0, wall = 0;
  watch_.on_frame = [&](const video_matting::FrameSlot& frame) {
    if (frame.results[video_matting::kAlpha].empty()) return;
    subject = frame.results[video_matting::kAlpha].row(kHeight / 2)[kWidth / 2];
    wall = frame.results[video_matting::kAlpha].row(kHeight / 2)[4];
  };
  const Status status = run(kEmptyFrames + 5);
  EXPECT_EQ(status.frames, kEmptyFrames + 5);
  EXPECT_TRUE(status.has_plate);
  EXPECT_GT(subject, 200);
  EXPECT_LT(wall, 50);
  EXPECT_GT(watch_.matted, 5);
  EXPECT_LT(watch_.matted, watch_.frames - 10) << "nothing is matted before there is a plate";
  EXPECT_TRUE(statuses_[5].taking_plate);
  EXPECT_GT(statuses_[5].countdown_seconds, 0);
  EXPECT_THAT(notices_, Contains(HasSubstr("plate taken: the mean of")));
}

TEST_F(SessionTest, SaysWhyThereIsNoPlate) {
  keys_[kEmptyFrames - 6] = Command::kTakePlate;  // somebody steps in during the burst
  const Status status = run(kEmptyFrames + 10);
  EXPECT_FALSE(status.has_plate);
  EXPECT_EQ(watch_.matted, 0);
  EXPECT_THAT(notices_, Contains(HasSubstr("no plate: something moved")));
}

TEST_F(SessionTest, DropsWhatItCannotKeepUpWith) {
  watch_.on_frame = [this](const auto&) { camera_->let(3); };  // three come while one is shown
  const Status status = run(81);
  EXPECT_LT(status.frames, 30);
  EXPECT_EQ(status.frames + status.dropped, 81);
  for (const Status& now : statuses_) {
    EXPECT_LE(now.latency_ms, 4 * 40 + 1) << "the delay does not build up";
  }
}

TEST_F(SessionTest, GoesThroughTheBackgrounds) {
  settings_.backgrounds = {"#ff0000", "#0000ff"};
  keys_ = {
      {0, Command::kTakePlate}, {25, Command::kNextBackground}, {30, Command::kNextBackground}};
  std::vector<int> red;
  watch_.on_frame = [&](const video_matting::FrameSlot& frame) {
    if (frame.results[video_matting::kComposite].empty()) return;
    red.push_back(frame.results[video_matting::kComposite].row(2)[0] > 128);
  };
  run(35);
  ASSERT_GT(red.size(), 12u);
  EXPECT_EQ(red.front(), 1);
  EXPECT_EQ(red[red.size() - 8], 0);
  EXPECT_EQ(red.back(), 1);
  EXPECT_THAT(notices_, Contains("background: #0000ff"));
}

// Where alpha is calmed after the task, the composite is made of the calmed one.
TEST_F(SessionTest, ComposesWithTheAlphaThatTheRepairLeaves) {
  CoveringRepair repair;
  repair_ = &repair;
  settings_.backgrounds = {"#ff0000", "#0000ff", "blur:4"};
  keys_ = {
      {0, Command::kTakePlate}, {25, Command::kNextBackground}, {30, Command::kNextBackground}};
  std::vector<std::string> seen;
  watch_.on_frame = [&](const video_matting::FrameSlot& frame) {
    const Image& composite = frame.results[video_matting::kComposite];
    if (composite.empty()) return;
    ASSERT_EQ(composite.format(), WF_FORMAT_RGB8);
    const auto* pixel = composite.row(2);  // of the wall
    const auto* front = frame.results[video_matting::kForeground].row(2);
    const int part = repair.level;
    const auto mixed = [&](int r, int g, int b) {
      const int back[3] = {r, g, b};
      for (int c = 0; c < 3; ++c) {
        if (std::abs(pixel[c] - (front[c] * part + back[c] * (255 - part)) / 255) > 1) return false;
      }
      return true;
    };
    seen.push_back(mixed(255, 0, 0)       ? "red"
                   : mixed(0, 0, 255)     ? "blue"
                   : mixed(112, 112, 112) ? "wall"
                                          : "other");
  };
  repair.level = 128;
  run(36);
  seen.erase(std::unique(seen.begin(), seen.end()), seen.end());
  EXPECT_THAT(seen, ElementsAre("red", "blue", "wall"));
}

TEST_F(SessionTest, CutsOutWithTheAlphaThatTheRepairLeaves) {
  CoveringRepair repair;
  repair_ = &repair;
  keys_ = {{0, Command::kTakePlate}};
  int frames = 0;
  watch_.on_frame = [&](const video_matting::FrameSlot& frame) {
    const Image& composite = frame.results[video_matting::kComposite];
    if (composite.empty()) return;
    ++frames;
    ASSERT_EQ(composite.format(), WF_FORMAT_RGBA8);
    EXPECT_EQ(composite.row(2)[3], 255);
  };
  run(25);
  EXPECT_GT(frames, 3);
}

TEST_F(SessionTest, LowersTheQualityToHoldTheRate) {
  const std::string weights = matting::shared_folder() + "/fixtures/mobilenetv2_random.safetensors";
  if (!std::filesystem::exists(weights)) {
    GTEST_SKIP() << "no model whose refiner computes: set MATTING_SHARED to the folder that holds "
                    "fixtures/";
  }
  workflow_.set_parameters(0, {{"model_backbone_min_side", "0"}, {"model_path", weights}});
  settings_.govern = true;
  settings_.governor = {25, {8000, 0.25}, {2000, 0.2}};
  keys_[0] = Command::kTakePlate;
  watch_.on_frame = [this](const auto&) { extra_seconds_ += 0.05; };  // longer than a frame has
  const Status status = run(80);
  EXPECT_EQ(status.quality, (Quality{2000, 0.2}));
  EXPECT_EQ(workflow_.parameters(0).at("model_refine_pixels"), "2000");
  EXPECT_EQ(std::stod(workflow_.parameters(0).at("model_backbone_scale")), 0.2);
  EXPECT_THAT(notices_, Contains(HasSubstr("too slow: 4000 refined pixels, scale 0.25")));
}

// The default model's refiner takes no time.
TEST_F(SessionTest, LowersTheScaleAtOnceWherePixelsDoNotCount) {
  settings_.govern = true;
  settings_.governor = {25, {8000, 0.25}, {2000, 0.2}};
  workflow_.set_parameters(0, {{"model_backbone_min_side", "0"}});
  keys_[0] = Command::kTakePlate;
  watch_.on_frame = [this](const auto&) { extra_seconds_ += 0.05; };
  const Status status = run(80);
  EXPECT_EQ(status.quality, (Quality{8000, 0.2}));
  EXPECT_THAT(notices_, Contains("too slow: scale 0.2 from here on"));
  EXPECT_THAT(notices_, Not(Contains(HasSubstr("refined pixels"))));
}

// Pictures as small as these are seen whole by the default model, whatever the scale is set to.
TEST_F(SessionTest, GivesUpFromTheScaleThatTheTaskWorksAt) {
  settings_.govern = true;
  settings_.governor = {25, {8000, 0.25}, {2000, 0.2}};
  workflow_.set_parameters(0, {{"model_refine_mode", "thresholding"}});
  keys_[0] = Command::kTakePlate;
  watch_.on_frame = [this](const auto&) { extra_seconds_ += 0.05; };
  run(80);
  EXPECT_THAT(notices_, Contains("too slow: scale 0.8 from here on"));
  EXPECT_EQ(workflow_.parameters(0).at("model_backbone_min_side"), "0");
}

TEST_F(SessionTest, BeginsTheRepairAnewWithEveryPlate) {
  CountingRepair repair;
  repair_ = &repair;
  keys_ = {{0, Command::kTakePlate}, {20, Command::kTakePlate}};
  const Status status = run(kEmptyFrames);
  EXPECT_EQ(repair.begins, 2);
  EXPECT_THAT(statuses_[2].plate_warnings, IsEmpty()) << "there is no plate yet";
  EXPECT_THAT(statuses_[20].plate_warnings, Not(IsEmpty()));
  EXPECT_THAT(status.plate_warnings, ElementsAre("warning " + std::to_string(repair.frames)));
  EXPECT_LT(repair.frames, 20);
}

TEST_F(SessionTest, LogsFramesAndEvents) {
  keys_[0] = Command::kTakePlate;
  run(30);
  const auto lines = log();
  EXPECT_EQ(lines.front()["event"], "plate_wanted");
  const auto& last = lines.back();
  EXPECT_EQ(last["frame"], 29);
  EXPECT_EQ(last["timestamp"], 29 * 40'000) << "microseconds since the first frame";
  EXPECT_NEAR(last["latency_ms"], 40, 1);
  EXPECT_NEAR(last["frames_per_second"], 25, 0.1);
  for (const char* key : {"dropped", "refine_pixels", "scale", "network_ms", "refined_share"}) {
    EXPECT_TRUE(last.contains(key)) << key;
  }
}

TEST_F(SessionTest, RecordsBesides) {
  keys_[0] = Command::kTakePlate;
  settings_.backgrounds = {"#00ff00"};
  const std::string path = folder_.file("live.mkv");
  const ScriptedCamera like(kWidth, kHeight, scene, 0);
  Recorder recorder(path, like.info(), true);
  run(kEmptyFrames + 4, {&recorder});
  EXPECT_FALSE(std::filesystem::exists(path)) << "not before it is complete";
  recorder.finish();
  const auto film = workflow::video::open_frame_source(path, {25, 1});
  workflow::video::Frame frame;
  std::int64_t frames = 0;
  while (film->read(frame)) ++frames;
  EXPECT_EQ(frames, recorder.frames());
  EXPECT_EQ(frames + recorder.left_out(), watch_.matted);
  EXPECT_GT(frame.image.row(2)[1], 200) << "the last one, over green";
  EXPECT_FALSE(std::filesystem::exists(path + ".parts"));
}

TEST_F(SessionTest, KeepsTheRecordingWhenTheCameraBreaks) {
  keys_[0] = Command::kTakePlate;
  const std::string path = folder_.file("live.mov");
  const ScriptedCamera like(kWidth, kHeight, scene, 0);
  Recorder recorder(path, like.info(), false);
  EXPECT_EQ(error_of([&] { run(30, {&recorder}, true); }).code(), WF_READ_FAILED);
  recorder.finish();
  EXPECT_TRUE(std::filesystem::exists(path));
}

TEST_F(SessionTest, QuitsByCommand) {
  keys_[4] = Command::kQuit;
  EXPECT_EQ(run(100).frames, 4);
}

TEST_F(SessionTest, FindsOutWhatIsWrongBeforeItBegins) {
  settings_.plate = folder_.file("none.png");
  EXPECT_THAT(error_of([this] { run(1); }).what(), HasSubstr("none.png"));
  settings_.plate.clear();
  settings_.backgrounds = {"#123456", "#nothing"};
  EXPECT_EQ(error_of([this] { run(1); }).code(), WF_BAD_PARAMETER_VALUE);
  settings_.backgrounds.clear();
  settings_.governor.least.scale = 0.5;
  EXPECT_THAT(error_of([this] { run(1); }).what(), HasSubstr("wanted the smaller one first"));
}

TEST(Recorder, RefusesAlphaWhereTheFormatHasNone) {
  const TemporaryFolder folder;
  const ScriptedCamera like(kWidth, kHeight, scene, 0);
  const auto open = [&] { Recorder(folder.file("a.mp4"), like.info(), false); };
  EXPECT_EQ(error_of(open).code(), WF_NOT_SUPPORTED);
}

}  // namespace
}  // namespace live
