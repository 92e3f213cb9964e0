#include "infer_background_matting/params.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "infer_background_matting/error.hpp"
#include "task/number_text.hpp"

namespace matting {
namespace {

using ::testing::HasSubstr;

ErrorCode code_of(const ParameterMap& values, Params& params, std::string* text = nullptr) {
  try {
    apply_parameters(values, params);
  } catch (const Error& error) {
    if (text) *text = error.what();
    return error.code();
  }
  return static_cast<ErrorCode>(0);
}

TEST(Params, DefaultsAreThoseOfTheTable) {
  const ParameterMap map = to_parameter_map(Params{});
  for (const ParameterInfo& info : parameter_table()) {
    EXPECT_EQ(map.at(info.key), info.default_value) << info.key;
  }
  EXPECT_EQ(map.size(), parameter_table().size());
}

TEST(Params, GetSetGetIsTheSame) {
  const ParameterMap values = {{"model_type", "mattingbase"},
                               {"model_backbone", "resnet101"},
                               {"model_backbone_scale", "0.125"},
                               {"model_backbone_min_side", "512"},
                               {"model_refine_mode", "thresholding"},
                               {"model_refine_pixels", "320000"},
                               {"model_refine_threshold", "0.1"},
                               {"model_region_margin", "0.05"},
                               {"model_refine_change", "0.02"},
                               {"plate_projection", "on"},
                               {"plate_projection_passes", "3"},
                               {"cuda", "cuda:3"},
                               {"engine", "torchscript"},
                               {"precision", "bf16"},
                               {"model_path", "/some where/model.pt"},
                               {"background", "#0a1bff"},
                               {"background_fit", "tile"},
                               {"threads", "7"}};
  Params params;
  apply_parameters(values, params);
  EXPECT_EQ(to_parameter_map(params), values);
}

TEST(Params, APartialMapLeavesTheRest) {
  Params params;
  apply_parameters({{"threads", "3"}}, params);
  apply_parameters({{"model_refine_mode", "full"}}, params);
  EXPECT_EQ(params.threads, 3);
  EXPECT_EQ(params.network.refine_mode, RefineMode::kFull);
}

TEST(Params, UpdateOfTheAncestorIsAcceptedAndIgnored) {
  Params params;
  EXPECT_NO_THROW(apply_parameters({{"update", "True"}}, params));
  EXPECT_EQ(to_parameter_map(params), to_parameter_map(Params{}));
}

TEST(Params, AnUnknownKeyNamesItselfAndTheKnownOnes) {
  Params params;
  std::string text;
  EXPECT_EQ(code_of({{"modle_type", "x"}}, params, &text), ErrorCode::kUnknownParameter);
  EXPECT_THAT(text, HasSubstr("modle_type"));
  EXPECT_THAT(text, HasSubstr("model_type"));
}

TEST(Params, NothingChangesWhereOneValueIsBad) {
  Params params;
  std::string text;
  EXPECT_EQ(code_of({{"cuda", "cpu"}, {"model_refine_threshold", "2"}}, params, &text),
            ErrorCode::kBadParameterValue);
  EXPECT_TRUE(params.device.cuda);
  EXPECT_THAT(text, HasSubstr("model_refine_threshold"));
  EXPECT_THAT(text, HasSubstr("'2'"));
  EXPECT_THAT(text, HasSubstr("from 0 to 1"));
}

struct Value {
  const char* key;
  const char* text;
};

class GoodValue : public ::testing::TestWithParam<Value> {};
TEST_P(GoodValue, IsTaken) {
  Params params;
  EXPECT_EQ(code_of({{GetParam().key, GetParam().text}}, params), static_cast<ErrorCode>(0));
}
INSTANTIATE_TEST_SUITE_P(
    Params, GoodValue,
    ::testing::Values(Value{"model_backbone_scale", "1"}, Value{"model_backbone_scale", "2e-1"},
                      Value{"model_backbone_scale", "+.5"}, Value{"model_refine_pixels", " 42 "},
                      Value{"model_refine_pixels", "0"}, Value{"model_refine_pixels", "1_000"},
                      Value{"model_refine_threshold", "0"}, Value{"model_refine_threshold", "1.0"},
                      Value{"model_backbone_min_side", " auto "},
                      Value{"model_backbone_min_side", "fine"},
                      Value{"model_backbone_min_side", "0"}, Value{"model_region_margin", "0"},
                      Value{"model_region_margin", " off "}, Value{"model_refine_change", "1"},
                      Value{"cuda", "cuda:0"}, Value{"cuda", " cpu "}, Value{"background", ""},
                      Value{"background", "blur:12.5"}, Value{"background", "#FFFFFF"},
                      Value{"engine", "native"}, Value{"precision", "int8"}));

class BadValue : public ::testing::TestWithParam<Value> {};
TEST_P(BadValue, IsRefused) {
  Params params;
  EXPECT_EQ(code_of({{GetParam().key, GetParam().text}}, params), ErrorCode::kBadParameterValue);
}
INSTANTIATE_TEST_SUITE_P(
    Params, BadValue,
    ::testing::Values(
        Value{"model_backbone_scale", "0"}, Value{"model_backbone_scale", "1.01"},
        Value{"model_backbone_scale", "nan"}, Value{"model_backbone_scale", "inf"},
        Value{"model_backbone_scale", "0x1p-2"}, Value{"model_backbone_scale", "0,5"},
        Value{"model_backbone_scale", ""}, Value{"model_refine_pixels", "abc"},
        Value{"model_refine_pixels", "80000.0"}, Value{"model_refine_pixels", "1e5"},
        Value{"model_refine_pixels", ""}, Value{"model_refine_pixels", "-1"},
        Value{"model_refine_pixels", "99999999999999999999"}, Value{"model_refine_pixels", "1__0"},
        Value{"model_refine_threshold", "nan"}, Value{"model_refine_threshold", "-0.1"},
        Value{"model_region_margin", "on"}, Value{"model_backbone_min_side", "-1"},
        Value{"model_backbone_min_side", "16385"}, Value{"model_backbone_min_side", "0.5"},
        Value{"model_backbone_min_side", "off"}, Value{"plate_projection", "1"},
        Value{"plate_projection_passes", "0"}, Value{"plate_projection_passes", "9"},
        Value{"model_region_margin", "1.5"}, Value{"model_refine_change", "-0.1"},
        Value{"model_refine_change", ""}, Value{"model_type", "matting"},
        Value{"model_type", "MattingRefine"}, Value{"model_backbone", "resnet18"},
        Value{"model_refine_mode", ""}, Value{"cuda", "gpu"}, Value{"cuda", "cuda:"},
        Value{"cuda", "cuda:-1"}, Value{"cuda", "cuda:x"}, Value{"background", "red"},
        Value{"background", "#12345"}, Value{"background", "blur:"}, Value{"background", "blur:0"},
        Value{"background", "#gg0000"}, Value{"threads", "-1"}, Value{"threads", "99999"}));

TEST(NumberText, ReadsBackTheSame) {
  for (const double value : {0.25, 0.1, 1.0 / 3, 1e-9, 123456.789}) {
    EXPECT_EQ(parse_number(number_text(value)), value);
  }
}

}  // namespace
}  // namespace matting
