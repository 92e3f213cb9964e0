#include "hosts/session/settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "infer_background_matting/error.hpp"

namespace matting::hosts {
namespace {

using ::testing::HasSubstr;

std::string refusal(const ParameterMap& texts) {
  try {
    read_settings(texts);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(Settings, HaveEveryParameterOnce) {
  std::map<std::string, int> count;
  for (const ParameterInfo& row : setting_table()) ++count[row.key];
  for (const ParameterInfo& row : parameter_table()) EXPECT_EQ(count[row.key], 1) << row.key;
  EXPECT_EQ(count.size(), parameter_table().size() + 2) << "plate and output come on top";
}

TEST(Settings, DefaultsAreTheTasks) {
  const Settings settings = read_settings({});
  EXPECT_EQ(settings.output, FrameOutput::kRgba);
  EXPECT_EQ(settings.task, to_parameter_map(Params()));
  ParameterMap empty;
  for (const ParameterInfo& row : setting_table()) empty[row.key] = "";
  EXPECT_EQ(read_settings(empty).task, settings.task);
}

TEST(Settings, BackgroundIsAColourABlurOrAPath) {
  const auto composite = [](const std::string& background) {
    return read_settings({{"output", "composite"}, {"background", background}});
  };
  EXPECT_EQ(composite("#00ff00").task.at("background"), "#00ff00");
  EXPECT_EQ(composite("blur:3").task.at("background"), "blur:3");
  EXPECT_EQ(composite("beach.jpg").background_path, "beach.jpg");
  EXPECT_EQ(composite("beach.jpg").task.at("background"), "");
  EXPECT_EQ(composite("./#1.png").background_path, "./#1.png");
}

TEST(Settings, ACutOutHasNoBackground) {
  EXPECT_EQ(read_settings({{"background", "#00ff00"}}).task.at("background"), "");
  EXPECT_EQ(read_settings({{"background", "beach.jpg"}}).background_path, "");
}

TEST(Settings, WhatIsWrongIsNamed) {
  EXPECT_THAT(refusal({{"output", "matte"}}), HasSubstr("'matte'"));
  EXPECT_THAT(refusal({{"background", "#12"}}), HasSubstr("#rrggbb"));
  EXPECT_THAT(refusal({{"threads", "many"}}), HasSubstr("threads"));
  EXPECT_THAT(refusal({{"plates", "x"}}), HasSubstr("'plates'"));
}

}  // namespace
}  // namespace matting::hosts
