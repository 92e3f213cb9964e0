// Whole jobs with the matting plugin, on tiny clips.
#include "video_matting/job.hpp"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "error_of.hpp"
#include "temporary_folder.hpp"
#include "video/clips.hpp"
#include "video/frame_source.hpp"
#include "video_matting/plate_repair.hpp"

namespace video_matting {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr int kFrames = 10;

// Takes the image itself for the plate, or halves alpha, or only says that it changes it, and keeps
// count.
class Repair final : public FrameRepair {
 public:
  bool use_image = false, halve_alpha = false, feign_change = false;
  std::vector<std::int64_t> parts;  // numbers of the frames that parts began with
  std::int64_t frames = 0;
  std::int64_t without_plate = -1;  // that frame gets none
  std::string calls;                // "p" for plate_for, "m" for mend, "|" for begin_part

  void begin_part() override {
    parts.push_back(frames);
    calls += "|";
  }
  workflow::Image plate_for(const workflow::Image& image, const workflow::Image& plate,
                            nlohmann::ordered_json& record) override {
    calls += "p";
    if (frames == without_plate) return {};
    record["repair"] = frames++;
    if (!use_image) return plate;
    workflow::Image copy(image.width(), image.height(), image.format());
    for (std::uint32_t y = 0; y < image.height(); ++y) {
      std::copy_n(image.row(y), 3 * image.width(), copy.row(y));
    }
    return copy;
  }
  void mend(const workflow::Image&, workflow::Image& alpha, nlohmann::ordered_json&) override {
    calls += "m";
    if (!halve_alpha) return;
    for (std::uint32_t y = 0; y < alpha.height(); ++y) {
      for (std::uint32_t x = 0; x < alpha.width(); ++x) alpha.row(y)[x] /= 2;
    }
  }
  bool changes_alpha() const override { return halve_alpha || feign_change; }
  std::string description() const override { return halve_alpha ? "half" : "none"; }
  nlohmann::ordered_json summary() const override { return {{"frames", frames}}; }
  std::vector<std::string> frame_warnings() const override { return {}; }
  std::vector<std::string> warnings() const override { return {"a fault of the plate"}; }
};

class JobTest : public ::testing::Test {
 protected:
  void SetUp() override {
    SKIP_WITHOUT_FFMPEG();
    // A white square that moves over a grey wall, at a variable rate.
    ffmpeg(
        "-f lavfi -i color=0x707070:s=96x64:r=25 -f lavfi -i color=white:s=28x36:r=25 "
        "-filter_complex \"[0][1]overlay=x=20+3*n:y=18,settb=1/1000,setpts='N*40+10*mod(N,3)'\" "
        "-fps_mode passthrough -enc_time_base 1:1000 -frames:v " +
        std::to_string(kFrames) + " -c:v ffv1 -pix_fmt bgr0 " + settings_.video);
    ffmpeg("-f lavfi -i color=0x707070:s=96x64 -frames:v 1 " + settings_.plate);
  }

  JobReport run(FrameRepair* repair = nullptr, std::int64_t stop_after = -1) {
    return run(lanes_, repair, stop_after);
  }

  JobReport run(Lanes& lanes, FrameRepair* repair = nullptr, std::int64_t stop_after = -1) {
    std::int64_t seen = 0;
    Job job(settings_, lanes, repair);
    return job.run([&seen](const JobProgress& progress) { seen = progress.frame; },
                   [&] { return stop_after >= 0 && seen >= stop_after; });
  }

  std::string file(const std::string& name) { return folder_.file(name); }

  static Lanes make_lanes(int count) {
    auto registry = std::make_shared<workflow::PluginRegistry>();
    registry->load(MATTING_PLUGIN);
    Lanes lanes;
    for (int i = 0; i < count; ++i) {
      workflow::Workflow& workflow = lanes.emplace_back(registry);
      workflow.add_task("infer_background_matting");
      workflow.set_parameters(0, {{"cuda", "cpu"}, {"threads", "1"}});
    }
    return lanes;
  }

  // Largest difference of a value between frames of two films.
  static int largest_difference(const std::string& a, const std::string& b) {
    const auto first = workflow::video::open_frame_source(a, {25, 1});
    const auto second = workflow::video::open_frame_source(b, {25, 1});
    workflow::video::Frame one, other;
    int largest = 0;
    while (first->read(one)) {
      EXPECT_TRUE(second->read(other));
      for (std::uint32_t y = 0; y < one.image.height(); ++y) {
        for (std::uint32_t i = 0; i < 3 * one.image.width(); ++i) {
          largest = std::max(largest, std::abs(one.image.row(y)[i] - other.image.row(y)[i]));
        }
      }
    }
    return largest;
  }

  // Mean of the first channel over all frames.
  static double mean(const std::string& path) {
    const auto source = workflow::video::open_frame_source(path, {25, 1});
    workflow::video::Frame frame;
    double sum = 0;
    std::int64_t count = 0;
    while (source->read(frame)) {
      for (std::uint32_t y = 0; y < frame.image.height(); ++y) {
        for (std::uint32_t x = 0; x < frame.image.width(); ++x, ++count) {
          sum += frame.image.row(y)[3 * x];
        }
      }
    }
    return sum / static_cast<double>(count);
  }

  TemporaryFolder folder_;
  Lanes lanes_ = make_lanes(1);
  JobSettings settings_ = [this] {
    JobSettings settings;
    settings.video = file("clip.mkv");
    settings.plate = file("plate.png");
    settings.outputs = {{Result::kAlpha, file("alpha.mkv")}, {Result::kCutOut, file("cut.mov")}};
    settings.part_frames = 4;
    return settings;
  }();
};

TEST_F(JobTest, KeepsNumberAndTimesOfFrames) {
  const JobReport report = run();
  EXPECT_EQ(report.frames, kFrames);
  EXPECT_FALSE(report.interrupted);
  EXPECT_THAT(report.files, ElementsAre(file("alpha.mkv"), file("cut.mov")));
  const std::string wanted =
      output_of("ffprobe -v error -show_entries packet=pts_time -of csv=p=0 " + settings_.video);
  for (const std::string& path : report.files) {
    EXPECT_EQ(output_of("ffprobe -v error -show_entries packet=pts_time -of csv=p=0 " + path),
              wanted)
        << path;
  }
  EXPECT_FALSE(std::filesystem::exists(file("alpha.mkv.parts")));
}

TEST_F(JobTest, GoesOnAfterAStopAsIfThereHadBeenNone) {
  run();
  const std::string alpha = bytes_of(file("alpha.mkv")), cut = bytes_of(file("cut.mov"));
  std::filesystem::remove(file("alpha.mkv"));
  std::filesystem::remove(file("cut.mov"));
  for (const std::int64_t stop : {2, 4, 7}) {
    settings_.resume = false;
    const JobReport stopped = run(nullptr, stop);
    EXPECT_TRUE(stopped.interrupted);
    EXPECT_EQ(stopped.frames, stop);
    EXPECT_FALSE(std::filesystem::exists(file("alpha.mkv")));
    EXPECT_THAT(output_of("ffprobe -v error -count_frames -show_entries stream=nb_read_frames "
                          "-of csv=p=0 " +
                          file("cut.partial.mov")),
                HasSubstr(std::to_string(stop)));
    settings_.resume = true;
    const JobReport resumed = run();
    EXPECT_EQ(resumed.frames, kFrames);
    EXPECT_EQ(resumed.resumed_frames, stop / 4 * 4);
    EXPECT_TRUE(bytes_of(file("alpha.mkv")) == alpha) << stop;
    EXPECT_TRUE(bytes_of(file("cut.mov")) == cut) << stop;
    std::filesystem::remove(file("alpha.mkv"));
  }
}

TEST_F(JobTest, WhatTheTaskKeepsFromFrameToFrameEndsWithAPart) {
  lanes_[0].set_parameters(0, {{"model_refine_change", "0.5"}, {"model_region_margin", "0.05"}});
  run();
  const std::string alpha = bytes_of(file("alpha.mkv"));
  std::filesystem::remove(file("alpha.mkv"));
  run(nullptr, 5);
  settings_.resume = true;
  lanes_ = make_lanes(1);  // another process
  lanes_[0].set_parameters(0, {{"model_refine_change", "0.5"}, {"model_region_margin", "0.05"}});
  run();
  EXPECT_TRUE(bytes_of(file("alpha.mkv")) == alpha);
}

TEST_F(JobTest, ACutOutIsTheSameBesideAComposite) {
  settings_.outputs = {{Result::kCutOut, file("cut.mkv")}};
  run();
  const std::string alone = bytes_of(file("cut.mkv"));
  ffmpeg("-f lavfi -i color=blue:s=40x40 -frames:v 1 " + file("new.png"));
  settings_.background = file("new.png");
  settings_.outputs.push_back({Result::kComposite, file("com.mkv")});
  run();
  EXPECT_TRUE(bytes_of(file("cut.mkv")) == alone);
  EXPECT_LT(mean(file("com.mkv")), mean(file("clip.mkv")) - 20) << "the wall's red is gone";
}

TEST_F(JobTest, TheRepairChoosesThePlateAndMendsAlpha) {
  Repair none;
  settings_.log = file("log.jsonl");
  const JobReport report = run(&none);
  EXPECT_THAT(none.parts, ElementsAre(0, 4, 8));
  EXPECT_EQ(none.frames, kFrames);
  EXPECT_THAT(bytes_of(settings_.log), HasSubstr("\"repair\":9"));
  EXPECT_THAT(report.warnings, testing::Contains("a fault of the plate"));
  EXPECT_THAT(report.to_json(), HasSubstr("\"plate\""));
  const double plain = mean(file("alpha.mkv"));
  EXPECT_GT(plain, 10);
  Repair image;
  image.use_image = true;
  run(&image);
  EXPECT_LT(mean(file("alpha.mkv")), plain / 4) << "nothing differs from this plate";
  Repair half;
  half.halve_alpha = true;
  run(&half);
  EXPECT_NEAR(mean(file("alpha.mkv")), plain / 2, 1);
}

// Its own composite of the same alpha is the task's, whatever the new background is.
TEST_F(JobTest, ComposesItselfWhereAlphaMayChange) {
  ffmpeg("-f lavfi -i testsrc2=s=50x40 -frames:v 1 " + file("new.png"));
  ffmpeg("-f lavfi -i testsrc2=s=64x64:r=5 -frames:v 3 -c:v ffv1 " + file("new.mkv"));
  Repair repair;
  for (const std::string background : {"new.png", "new.mkv", "#205080", "blur:3"}) {
    const bool made = background.find('.') == std::string::npos;
    settings_.background = made ? "" : file(background);
    lanes_[0].set_parameters(0, {{"background", made ? background : ""}});
    for (const bool feign : {false, true}) {
      repair.feign_change = feign;
      settings_.outputs = {{Result::kComposite, file(feign ? "own.mkv" : "task.mkv")}};
      run(&repair);
    }
    EXPECT_LE(largest_difference(file("own.mkv"), file("task.mkv")), 1) << background;
  }
  const double whole = mean(file("own.mkv"));
  repair.halve_alpha = true;
  run(&repair);
  EXPECT_LT(mean(file("own.mkv")), whole - 5) << "half of the white square has gone";
}

TEST_F(JobTest, MattesABackgroundFilmInStep) {
  ffmpeg(
      "-f lavfi -i "
      "\"nullsrc=s=96x64:r=25,format=yuv420p,geq=lum='if(lt(N,3),16,235)':cb=128:cr=128\" "
      "-frames:v 5 -c:v ffv1 " +
      file("new.mkv"));
  settings_.background = file("new.mkv");
  settings_.background_at_end = AtEnd::kHold;
  settings_.outputs = {{Result::kComposite, file("com.mkv")}};
  run();
  const auto source = workflow::video::open_frame_source(file("com.mkv"), {25, 1});
  workflow::video::Frame frame;
  for (int i = 0; source->read(frame); ++i) {
    const bool dark = frame.timestamp - 0 < 120;  // ms; the film's fourth frame begins then
    EXPECT_EQ(frame.image.row(2)[0] < 60, dark) << i;
  }
}

TEST_F(JobTest, AnErrorInTheMiddleKeepsTheParts) {
  const auto fail = [&] {
    Job job(settings_, lanes_);
    job.run(
        [](const JobProgress& progress) {
          if (progress.frame == 6) throw workflow::Error(WF_CANCELLED, "enough");
        },
        [] { return false; });
  };
  EXPECT_STREQ(error_of(fail).what(), "enough");
  EXPECT_FALSE(std::filesystem::exists(file("alpha.mkv")));
  settings_.resume = true;
  EXPECT_EQ(run().frames, kFrames);
}

// Repairs hear of the frames in the same order, so that pixels do not depend on the lanes.
TEST_F(JobTest, PixelsAreTheSameWithMoreLanes) {
  PlateRepairSettings mending;
  mending.keeper.drift = true;
  mending.smoothing = 0.5;
  Lanes two = make_lanes(2), three = make_lanes(3);
  std::vector<std::string> films;
  for (Lanes* lanes : {&lanes_, &two, &three}) {
    Repair counting;
    run(*lanes, &counting);
    EXPECT_EQ(counting.calls, "|pppmpmmm|pppmpmmm|ppmm");
    PlateRepair repair(mending);
    run(*lanes, &repair);
    films.push_back(bytes_of(file("alpha.mkv")) + bytes_of(file("cut.mov")));
  }
  EXPECT_TRUE(films[0] == films[1]);
  EXPECT_TRUE(films[0] == films[2]);
}

TEST_F(JobTest, AnErrorInALaneIsTheJobsAndKeepsTheParts) {
  lanes_ = make_lanes(2);
  Repair repair;
  repair.without_plate = 6;
  EXPECT_THAT(error_of([&] { run(&repair); }).what(), HasSubstr("input image 1 is empty"));
  EXPECT_FALSE(std::filesystem::exists(file("alpha.mkv")));
  settings_.resume = true;
  Repair whole;
  const JobReport report = run(&whole);
  EXPECT_EQ(report.frames, kFrames);
  EXPECT_EQ(report.resumed_frames, 4);
}

TEST_F(JobTest, RefusesWhatItCannotDo) {
  settings_.outputs = {{Result::kComposite, file("com.mp4")}};
  EXPECT_THAT(error_of([&] { run(); }).what(), HasSubstr("name a new background"));
  settings_.outputs = {{Result::kCutOut, file("cut.mp4")}};
  EXPECT_EQ(error_of([&] { run(); }).code(), WF_NOT_SUPPORTED);
  settings_.outputs = {{Result::kAlpha, settings_.video}};
  EXPECT_THAT(error_of([&] { run(); }).what(), HasSubstr("is the source"));
  settings_.outputs = {};
  EXPECT_EQ(error_of([&] { run(); }).code(), WF_INVALID_ARGUMENT);
}

}  // namespace
}  // namespace video_matting
