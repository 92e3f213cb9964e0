#include "engine/safetensors.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "damaged_bytes.hpp"
#include "infer_background_matting/error.hpp"

namespace matting::engine {
namespace {

using ::testing::HasSubstr;

std::string file_of(const std::string& header, const std::string& data) {
  std::string file(8, '\0');
  for (int i = 0; i < 8; ++i) file[i] = static_cast<char>(header.size() >> (8 * i));
  return file + header + data;
}

Safetensors parse(const std::string& file) {
  return parse_safetensors(file.data(), file.size(), "net.safetensors");
}

std::string refusal(const std::string& file) {
  try {
    parse(file);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kModelInvalid);
    return error.what();
  }
  return "";
}

std::string floats(std::initializer_list<float> values) {
  std::string data;
  for (float value : values) data.append(reinterpret_cast<const char*>(&value), sizeof value);
  return data;
}

TEST(Safetensors, ReadsThreeTypesAndMetadata) {
  const std::string header =
      R"({"__metadata__":{"made by":"a \"test\""},)"
      R"( "a" : {"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},)"
      R"("b":{"dtype":"F16","shape":[2],"data_offsets":[8,12]},)"
      R"("c":{"dtype":"BF16","shape":[],"data_offsets":[12,14]},)"
      R"("n.num_batches_tracked":{"dtype":"I64","shape":[],"data_offsets":[14,22]}} )";
  const std::string data = floats({1.5f, -2.0f}) + std::string("\x00\x3c\x01\x00", 4) +
                           std::string("\x80\x3f", 2) + std::string(8, '\0');
  const Safetensors file = parse(file_of(header, data));
  EXPECT_EQ(file.metadata.at("made by"), "a \"test\"");
  EXPECT_EQ(file.tensors.size(), 3u);
  EXPECT_THAT(file.tensors.at("a").shape, ::testing::ElementsAre(2, 1));
  EXPECT_THAT(file.tensors.at("a").values, ::testing::ElementsAre(1.5f, -2.0f));
  EXPECT_THAT(file.tensors.at("b").values, ::testing::ElementsAre(1.0f, 1.0f / 16777216));
  EXPECT_THAT(file.tensors.at("c").values, ::testing::ElementsAre(1.0f));
}

TEST(Safetensors, RefusesTruncatedAndOversizedHeaders) {
  EXPECT_THAT(refusal("1234"), HasSubstr("4 bytes"));
  std::string file = file_of("{}", "");
  EXPECT_EQ(refusal(file), "");
  file[1] = 1;  // the header is now said to be 258 bytes
  EXPECT_THAT(refusal(file), HasSubstr("258"));
  file[7] = 127;
  EXPECT_THAT(refusal(file), HasSubstr("truncated"));
}

TEST(Safetensors, EveryPrefixOfAFileIsRefused) {
  const std::string whole =
      file_of(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", floats({1}));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_NE(refusal(whole.substr(0, size)), "") << size << " bytes";
  }
  EXPECT_NE(refusal(whole + "x"), "");
}

TEST(Safetensors, NamesTheTensorThatIsWrong) {
  const auto with = [](const std::string& entry) {
    return refusal(file_of("{\"conv\":" + entry + "}", floats({1, 2})));
  };
  EXPECT_THAT(with(R"({"dtype":"F64","shape":[1],"data_offsets":[0,8]})"), HasSubstr("F64"));
  EXPECT_THAT(with(R"({"dtype":"F32","shape":[3],"data_offsets":[0,8]})"), HasSubstr("12 bytes"));
  EXPECT_THAT(with(R"({"dtype":"F32","shape":[2],"data_offsets":[8,16]})"), HasSubstr("conv"));
  EXPECT_THAT(with(R"({"dtype":"F32","shape":[2],"data_offsets":[8,0]})"), HasSubstr("conv"));
  EXPECT_THAT(with(R"({"dtype":"F32","shape":[1048576,1048576,1048576],"data_offsets":[0,8]})"),
              HasSubstr("too large"));
  EXPECT_THAT(with(R"({"dtype":"F32","shape":[1]})"), HasSubstr("conv"));
  EXPECT_THAT(with(R"({"dtype":"F32","shape":[-1],"data_offsets":[0,8]})"), HasSubstr("integer"));
}

TEST(Safetensors, RefusesOverlapsGapsAndTwins) {
  const std::string a = R"("a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]})";
  const auto second = [&](const std::string& name, const std::string& range) {
    return refusal(file_of("{" + a + ",\"" + name + R"(":{"dtype":"F32","shape":[1],)" +
                               R"("data_offsets":)" + range + "}}",
                           floats({1, 2, 3})));
  };
  EXPECT_THAT(second("b", "[0,4]"), HasSubstr("overlap"));
  EXPECT_THAT(second("b", "[8,12]"), HasSubstr("gap"));
  EXPECT_THAT(second("b", "[4,8]"), HasSubstr("8"));
  EXPECT_THAT(refusal(file_of("{" + a + "," + R"("a":{"dtype":"F32","shape":[1],)" +
                                  R"("data_offsets":[4,8]}})",
                              floats({1, 2}))),
              HasSubstr("twice"));
}

TEST(Safetensors, MissingFileSaysSo) {
  try {
    read_safetensors("/nonexistent/net.safetensors");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kModelNotFound);
    EXPECT_THAT(error.what(), HasSubstr("net.safetensors"));
  }
}

TEST(Safetensors, DamagedFilesAreReadOrRefused) {
  const std::string whole = file_of(
      R"({"__metadata__":{"made by":"a test"},"a":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},)"
      R"("b.num_batches_tracked":{"dtype":"I64","shape":[],"data_offsets":[8,16]}})",
      floats({1.5f, -2.0f}) + std::string(8, '\0'));
  int refused = 0;
  for_damaged(whole, 3000, [&](const std::string& file) { refused += !refusal(file).empty(); });
  EXPECT_GT(refused, 1500);
  EXPECT_LT(refused, 3000) << "some have only other numbers in them";
}

}  // namespace
}  // namespace matting::engine
