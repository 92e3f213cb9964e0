// What users see: the default model's alpha against the truth, with and without the repair.
#include <gtest/gtest.h>

#include <opencv2/imgproc.hpp>

#include "plate/plate_keeper.hpp"
#include "plate/synthetic_clip.hpp"
#include "workflow/host.hpp"

namespace plate {
namespace {

constexpr int kFrames = 3;

class Network {
 public:
  Network() {
    workflow_.add_task("infer_background_matting");
    // Small pictures: as fine as the network would look at an HD one.
    workflow_.set_parameters(0, {{"cuda", "cpu"},
                                 {"engine", "native"},
                                 {"model_backbone_scale", "0.5"},
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

class RepairOfAlpha : public testing::TestWithParam<Case> {
 protected:
  static Network& network() {
    static Network network;
    return network;
  }

  // Mean over the clip of MAD against the truth.
  double error(const Disturbance& disturbance, const KeeperSettings& settings) {
    PlateKeeper keeper(scene_.plate(), settings);
    double sum = 0;
    for (unsigned i = 0; i < kFrames; ++i) {
      const SyntheticFrame frame = scene_.frame(disturbance, 2.0 * i, i + 1);
      PlateReport report;
      const workflow::Image plate = keeper.plate_for(frame.image, report);
      const workflow::Image alpha = network().alpha(frame.image, plate);
      keeper.learn(frame.image, alpha);
      sum += mean_difference(alpha, frame.alpha);
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
  EXPECT_LT(repaired, as_it_is);
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

}  // namespace
}  // namespace plate
