#include "evaluate/summary.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "evaluate/evaluation_set.hpp"
#include "temporary_folder.hpp"

namespace matting {
namespace {

using ::testing::HasSubstr;

EvaluationSummary small_summary() {
  EvaluationSummary summary;
  summary.composites = {{"good", {1, 2, 3, 4, 5, 6.0}}, {"bad<", {3, 4, 5, 6, 7, {}}}};
  summary.captured = {{"wall", {{"body_mean", 0.5, 0.98, true}, {"shadow_mean", 0.0, 0.1, false}}}};
  return summary;
}

TEST(EvaluationSummary, MeansOverWhatIsThere) {
  const MatteScores mean = small_summary().mean();
  EXPECT_EQ(mean.mad, 2);
  EXPECT_EQ(mean.connectivity, 6);
  EXPECT_EQ(mean.foreground_mse, 6.0);
  EXPECT_EQ(EvaluationSummary().mean().mad, 0);
}

TEST(EvaluationSummary, IsJson) {
  const auto json = nlohmann::json::parse(small_summary().to_json());
  EXPECT_EQ(json["composites"]["good"]["fgr_mse"], 6.0);
  EXPECT_FALSE(json["composites"]["bad<"].contains("fgr_mse"));
  EXPECT_EQ(json["mean"]["mse"], 3.0);
  EXPECT_EQ(json["captured"]["wall"]["failed"], nlohmann::json::array({"body_mean"}));
}

TEST(EvaluationSummary, IsATableAndAPageWithTheWorstFirst) {
  const EvaluationSummary summary = small_summary();
  EXPECT_THAT(summary.to_text(), HasSubstr("MEAN of 2"));
  EXPECT_THAT(summary.to_text(), HasSubstr("body_mean=0.500 FAILED"));
  const std::string html = summary.to_html("a & b");
  EXPECT_LT(html.find("<h2>bad&lt;"), html.find("<h2>good"));
  EXPECT_THAT(html, HasSubstr("good_difference.jpg"));
  EXPECT_THAT(html, HasSubstr("<title>a &amp; b"));
}

TEST(FindEvaluationSet, KnowsBothLayoutsAndCapturedPictures) {
  const TemporaryFolder folder;
  const auto touch = [&](const std::string& name) {
    std::filesystem::create_directories(std::filesystem::path(folder.file(name)).parent_path());
    std::ofstream(folder.file(name)) << "x";
  };
  EXPECT_THROW(find_evaluation_set(folder.path()), std::invalid_argument);
  EXPECT_THROW(find_evaluation_set(folder.file("none")), std::invalid_argument);
  for (const char* name : {"b/src.png", "b/bgr.png", "b/alpha.png", "b/fgr.png", "half/src.png",
                           "a_image.jpg", "a_plate.jpg", "a_alpha.png", "lone_image.jpg",
                           "captured/c/src.png", "captured/c/bgr.png", "captured/c/regions.json"}) {
    touch(name);
  }
  const EvaluationSet set = find_evaluation_set(folder.path());
  ASSERT_EQ(set.composites.size(), 2u);
  EXPECT_EQ(set.composites[0].name, "a");
  EXPECT_EQ(set.composites[0].plate, folder.file("a_plate.jpg"));
  EXPECT_EQ(set.composites[0].foreground, "");
  EXPECT_EQ(set.composites[1].foreground, folder.file("b/fgr.png"));
  ASSERT_EQ(set.captured.size(), 1u);
  EXPECT_EQ(set.captured[0].regions, folder.file("captured/c/regions.json"));
}

}  // namespace
}  // namespace matting
