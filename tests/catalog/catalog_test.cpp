#include "catalog/catalog.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "catalog/sha256.hpp"
#include "damaged_bytes.hpp"
#include "environment_variable.hpp"
#include "files/atomic_file.hpp"
#include "infer_background_matting/error.hpp"
#include "temporary_folder.hpp"

namespace matting {
namespace {

using ::testing::HasSubstr;

const std::string kSha256(64, 'a');

std::string catalog_with(const std::string& file, const std::string& sha256) {
  return R"({"schema": 1, "models": [{"name": "m", "format": "torchscript", "file": ")" + file +
         R"(", "sha256": ")" + sha256 + R"("}]})";
}

std::string fault_of(const std::string& text) {
  try {
    Catalog::parse(text, "mine.json");
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument);
    EXPECT_THAT(error.what(), HasSubstr("mine.json"));
    return error.what();
  }
  return "";
}

TEST(Catalog, ListsThePublishedModels) {
  const EnvironmentVariable none("MATTING_CATALOG", "");
  const Catalog catalog = Catalog::current();
  const CatalogEntry* mobilenet = catalog.find("bmv2-mobilenetv2");
  ASSERT_NE(mobilenet, nullptr);
  EXPECT_EQ(mobilenet->sha256, "6d449e8a0445438491cf07c03a6e86f21df2b3aa2dc630d9430347fcb807aae4");
  const CatalogEntry* resnet = catalog.find("bmv2-resnet50");
  ASSERT_NE(resnet, nullptr);
  EXPECT_EQ(resnet->sha256, "c22fe27f627c04122cd44a3476315eb2fcb06a8d8ff2803ac610c1dd6d4de2a7");
  EXPECT_EQ(resnet->url,
            "https://github.com/PeterL1n/BackgroundMattingV2/releases/download/v1.0.0/"
            "torchscript_resnet50_fp32.pth");
  EXPECT_EQ(catalog.find_sha256(resnet->sha256), resnet);
  EXPECT_EQ(catalog.find("none"), nullptr);
}

// Fails when models/default gets another model and the catalogue is forgotten.
TEST(Catalog, KnowsTheEmbeddedDefault) {
  const EnvironmentVariable none("MATTING_CATALOG", "");
  const Catalog catalog = Catalog::current();
  for (const char* name : {"default", "default-torchscript"}) {
    const CatalogEntry* entry = catalog.find(name);
    ASSERT_NE(entry, nullptr) << name;
    EXPECT_TRUE(entry->embedded);
    const std::string path = std::string(MATTING_SOURCE_DIR) + "/models/default/" + entry->file;
    EXPECT_EQ(sha256_of_file(path), entry->sha256) << "write the new value to models/catalog.json";
  }
}

TEST(Catalog, SaysWhatIsWrongWithAFile) {
  EXPECT_EQ(fault_of(catalog_with("a.pt", kSha256)), "");
  EXPECT_THAT(fault_of("{"), HasSubstr("parse error"));
  EXPECT_THAT(fault_of(R"({"schema": 2, "models": []})"), HasSubstr("schema is 2: wanted 1"));
  EXPECT_THAT(fault_of(R"({"schema": 1})"), HasSubstr("models"));
  EXPECT_THAT(fault_of(catalog_with("a.pt", "123")), HasSubstr("sha256 is '123'"));
  EXPECT_THAT(fault_of(catalog_with("../a.pt", kSha256)), HasSubstr("plain file name"));
  EXPECT_THAT(fault_of(R"({"schema": 1, "models": [{"name": 3}]})"), HasSubstr("type"));
}

TEST(Catalog, ComesFromTheEnvironmentsFile) {
  const TemporaryFolder folder;
  const EnvironmentVariable path("MATTING_CATALOG", folder.file("c.json"));
  EXPECT_THROW(Catalog::current(), Error);
  workflow::files::write_file(folder.file("c.json"), catalog_with("a.pt", kSha256));
  EXPECT_EQ(Catalog::current().entries().size(), 1u);
}

TEST(Catalog, ReadsWhatItWrites) {
  CatalogEntry entry;
  entry.name = "mine";
  entry.backbone = "resnet101";
  entry.format = "safetensors";
  entry.file = "mine.safetensors";
  entry.sha256 = kSha256;
  entry.bytes = 12;
  Catalog catalog = Catalog::parse(catalog_with("a.pt", kSha256), "text");
  catalog.put_first(entry);
  entry.bytes = 13;
  catalog.put_first(entry);
  const Catalog again = Catalog::parse(catalog.to_json(), "text");
  ASSERT_EQ(again.entries().size(), 2u);
  EXPECT_EQ(again.entries()[0].name, "mine");
  EXPECT_EQ(again.entries()[0].bytes, 13u);
  EXPECT_EQ(again.to_json(), catalog.to_json());
}

TEST(Catalog, DamagedFilesAreReadOrRefusedWithTheirName) {
  int refused = 0;
  for_damaged(catalog_with("m.pt", kSha256), 1000,
              [&](const std::string& text) { refused += !fault_of(text).empty(); });
  EXPECT_GT(refused, 500);
  EXPECT_LT(refused, 1000);
}

}  // namespace
}  // namespace matting
