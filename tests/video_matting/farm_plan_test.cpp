#include "video_matting/farm_plan.hpp"

#include <gmock/gmock.h>

#include "damaged_bytes.hpp"
#include "error_of.hpp"

namespace video_matting {
namespace {

using ::testing::HasSubstr;
using Json = nlohmann::ordered_json;

FarmPlan three_chunks() {
  FarmPlan plan;
  plan.facts = {{"video", "hash"}, {"part_frames", 4}};
  for (const std::int64_t first : {0, 8, 16}) {
    Chunk chunk;
    chunk.first = first;
    chunk.frames = first == 16 ? 3 : 8;
    chunk.begin = 1000;
    if (first > 0) chunk.seek = {first, 700 + first, 1000 + first, "checksum"};
    plan.chunks.push_back(chunk);
  }
  return plan;
}

std::string message_of(const Json& json) {
  return error_of([&] { plan_of(json); }).what();
}

TEST(FarmPlan, IsReadAsItWasWritten) {
  const Json json = to_json(three_chunks());
  const FarmPlan plan = plan_of(Json::parse(json.dump()));
  EXPECT_EQ(to_json(plan), json);
  ASSERT_EQ(plan.chunks.size(), 3u);
  EXPECT_FALSE(plan.chunks[0].seek.has_value());
  EXPECT_EQ(plan.chunks[2].seek->number, 16);
  EXPECT_EQ(plan.chunks[2].seek->previous, 1016);
  EXPECT_EQ(plan.chunks[2].begin, 1000);
}

TEST(FarmPlan, HasChunksOfWholePartsThatFollowEachOther) {
  Json gap = to_json(three_chunks());
  gap["chunks"][1]["first"] = 9;
  EXPECT_THAT(message_of(gap), HasSubstr("at frame 9 does not follow"));
  Json torn = to_json(three_chunks());
  torn["chunks"][0]["frames"] = 6;
  torn["chunks"][1]["first"] = 6;
  EXPECT_THAT(message_of(torn), HasSubstr("at frame 6 does not follow"));
  Json empty = to_json(three_chunks());
  empty["chunks"] = Json::array();
  EXPECT_THAT(message_of(empty), HasSubstr("no chunks"));
  Json none = to_json(three_chunks());
  none["chunks"][2]["frames"] = 0;
  EXPECT_THAT(message_of(none), HasSubstr("at frame 16"));
}

TEST(FarmPlan, SaysWhatIsMissing) {
  for (const char* key : {"job", "begin", "chunks"}) {
    Json json = to_json(three_chunks());
    json.erase(key);
    EXPECT_THAT(message_of(json), HasSubstr(key));
  }
}

TEST(FarmPlan, DamagedPlansAreReadOrRefused) {
  int refused = 0;
  for_damaged(to_json(three_chunks()).dump(), 1000, [&](const std::string& text) {
    const Json json = Json::parse(text, nullptr, false);
    if (json.is_discarded()) return;  // refused with the file's name by who reads it
    const auto error = error_of([&] { plan_of(json); });
    refused += error.code() != WF_OK;
  });
  EXPECT_GT(refused, 20);
}

}  // namespace
}  // namespace video_matting
