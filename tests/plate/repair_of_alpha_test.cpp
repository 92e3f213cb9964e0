// What users see: the default model's alpha against the truth, with and without the repair.
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>

#include "evaluate/flicker.hpp"
#include "plate/alpha_smoothing.hpp"
#include "plate/plate_keeper.hpp"
#include "plate/synthetic_clip.hpp"
#include "workflow/host.hpp"

namespace plate {
namespace {

constexpr int kFrames = 4;

class Network {
 public:
  Network() {
    workflow_.add_task("infer_background_matting");
    // Small pictures: as fine as the network would look at an HD one.
    workflow_.set_parameters(0, {{"cuda", "cpu"},
                                 {"engine", "native"},
                                 {"model_backbone_scale", "0.5"},
                                 {"model_backbone_min_side", "0"},
                                 {"model_refine_pixels", "20000"}});
    workflow_.set_wanted_outputs({{0, kAlpha}});
  }

  workflow::Image alpha(const workflow::Image& image, const workflow::Image& plate) {
    workflow_.set_image_input(image, 0);
    workflow_.set_image_input(plate, 1);
    workflow_.run();
    return workflow_.get_task_output(0, kAlpha);
  }

 private:
  static constexpr int kAlpha = 1;
  workflow::Workflow workflow_;
};

struct Case {
  const char* name;
  const char* sample;
  Disturbance disturbance;
};

Network& network() {
  static Network network;
  return network;
}

class RepairOfAlpha : public testing::TestWithParam<Case> {
 protected:
  // Mean over the clip of MAD against the truth.
  double error(const Disturbance& disturbance, const KeeperSettings& settings) {
    PlateKeeper keeper(scene_.plate(), settings);
    struct Matted {
      workflow::Image image, alpha;
      PlateKeeper::Moment moment;
    };
    std::deque<Matted> unlearned;
    double sum = 0;
    for (unsigned i = 0; i < kFrames; ++i) {
      const SyntheticFrame frame = scene_.frame(disturbance, 2.0 * i, i + 1);
      PlateReport report;
      const workflow::Image plate = keeper.plate_for(frame.image, report);
      const workflow::Image alpha = network().alpha(frame.image, plate);
      sum += mean_difference(alpha, frame.alpha);
      // As in a job, which has plates for the next two frames before it learns from this one.
      unlearned.push_back({frame.image, alpha, keeper.moment()});
      if (unlearned.size() <= 2) continue;
      keeper.learn(unlearned[0].image, unlearned[0].alpha, unlearned[0].moment);
      unlearned.pop_front();
    }
    return sum / kFrames;
  }

  SyntheticScene scene_{GetParam().sample, {480, 270}};
};

TEST_P(RepairOfAlpha, ComesBackToTheErrorOfTheUndisturbedClip) {
  const Disturbance& disturbance = GetParam().disturbance;
  const double undisturbed = error({}, {});
  const double repaired = error(disturbance, {});
  const double as_it_is = error(disturbance, {false, false, false});
  RecordProperty("undisturbed", std::to_string(undisturbed));
  RecordProperty("repaired", std::to_string(repaired));
  RecordProperty("as_it_is", std::to_string(as_it_is));
  std::printf("MAD x1000: undisturbed %.2f, disturbed %.2f, repaired %.2f\n", undisturbed, as_it_is,
              repaired);
  EXPECT_LT(repaired, 1.3 * undisturbed);
  // A network that copes alone leaves little to gain; then it must cost little.
  EXPECT_LT(repaired, std::max(as_it_is, 1.2 * undisturbed));
}

INSTANTIATE_TEST_SUITE_P(
    Disturbances, RepairOfAlpha,
    testing::Values(Case{"Nudge", "portrait", {2, 1}}, Case{"Turn", "portrait", {0, 0, 1}},
                    Case{"Zoom", "portrait", {0, 0, 0, 1.01}},
                    Case{"Exposure", "light_clothes", {0, 0, 0, 1, -1}},
                    Case{"WhiteBalance", "light_clothes", {0, 0, 0, 1, 0, 0.1}},
                    Case{"Everything", "light_clothes", {3, -2, 1, 1.01, -0.4, 0.05}},
                    Case{"NudgeBeforeBricks", "odd", {2, 1}}),
    [](const auto& test) { return std::string(test.param.name); });

struct Smoothed {
  double flicker_before, flicker_after;  // dtSSD
  double error_before, error_after;      // MAD x 1000
};

// A subject that moves by so many pixels a frame, under sensor noise.
Smoothed smooth_clip(double speed) {
  constexpr int kClipFrames = 4;
  const SyntheticScene scene("odd", {480, 270});
  matting::Flicker before, after;
  AlphaSmoother smoother(0.7);
  Smoothed result{};
  for (unsigned i = 0; i < kClipFrames; ++i) {
    const SyntheticFrame frame = scene.frame({}, speed * i, i + 1);
    workflow::Image alpha = network().alpha(frame.image, scene.plate());
    const matting::Plane truth = matting::alpha_plane(frame.alpha.view());
    before.add(matting::alpha_plane(alpha.view()), truth);
    result.error_before += mean_difference(alpha, frame.alpha) / kClipFrames;
    smoother.smooth(frame.image, alpha);
    after.add(matting::alpha_plane(alpha.view()), truth);
    result.error_after += mean_difference(alpha, frame.alpha) / kClipFrames;
  }
  result.flicker_before = before.dtssd();
  result.flicker_after = after.dtssd();
  std::printf("dtSSD %.3f, smoothed %.3f; MAD x1000 %.2f, smoothed %.2f\n", before.dtssd(),
              after.dtssd(), result.error_before, result.error_after);
  return result;
}

TEST(SmoothingOfAlpha, CalmsASubjectThatStandsStill) {
  const Smoothed still = smooth_clip(0);
  EXPECT_LT(still.flicker_after, 0.7 * still.flicker_before);
  EXPECT_LT(still.error_after, 1.02 * still.error_before);
}

// The picture changes at its outline, so that little is smoothed there: no trail behind it.
TEST(SmoothingOfAlpha, DoesNoHarmToOneThatMoves) {
  const Smoothed moving = smooth_clip(0.5);
  EXPECT_LT(moving.flicker_after, 1.02 * moving.flicker_before);
  EXPECT_LT(moving.error_after, 1.08 * moving.error_before);
}

}  // namespace
}  // namespace plate
