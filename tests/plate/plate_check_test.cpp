#include "plate/plate_check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "plate/synthetic_clip.hpp"

namespace plate {
namespace {

const cv::Size kSize(320, 180);

TEST(PlateCheck, PassesAPlateThatFits) {
  const SyntheticScene scene("portrait", kSize);
  PlateCheck check(scene.plate(), {});
  for (unsigned i = 0; i < 4; ++i) check.add(scene.frame({}, 20.0 * i, i + 1).image, 100 * i);
  EXPECT_EQ(check.verdict(), Verdict::kFits);
  EXPECT_THAT(check.lines(), testing::ElementsAre(testing::HasSubstr("the plate fits")));
}

TEST(PlateCheck, NamesWhatTheRepairsWillMend) {
  const SyntheticScene scene("portrait", kSize);
  PlateCheck check(scene.plate(), {});
  check.add(scene.frame({}, 0, 1).image, 0);
  check.add(scene.frame({2, 1}, 0, 2).image, 50);
  check.add(scene.frame({2, 1, 0, 1, 0.4}, 0, 3).image, 100);
  EXPECT_EQ(check.verdict(), Verdict::kRepairable);
  EXPECT_THAT(check.lines(), testing::Contains(testing::AllOf(testing::HasSubstr("2 of 3"),
                                                              testing::HasSubstr("first 50"),
                                                              testing::HasSubstr("pixels off"))));
  EXPECT_THAT(check.lines(), testing::Contains(testing::HasSubstr("1 of 3")));
}

TEST(PlateCheck, RefusesAPlateOfAnotherScene) {
  const SyntheticScene scene("portrait", kSize), other("odd", kSize);
  PlateCheck check(other.plate(), {});
  check.add(scene.frame({}).image, 7);
  EXPECT_EQ(check.verdict(), Verdict::kUnfit);
  const auto json = nlohmann::json::parse(check.to_json());
  EXPECT_EQ(json["verdict"], "unfit");
  EXPECT_EQ(json["frames"][0]["frame"], 7);
}

}  // namespace
}  // namespace plate
