#include "host/exported_symbol.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "temporary_folder.hpp"

namespace workflow {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string bytes_of(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

TEST(ExportedSymbols, OfThePlugin) {
  EXPECT_THAT(exported_symbols(TEMPLATE_PLUGIN), ElementsAre("wf_plugin_entry"));
  EXPECT_TRUE(exports_symbol(TEMPLATE_PLUGIN, "wf_plugin_entry"));
}

TEST(ExportedSymbols, ImportedNamesAndPartsOfNamesDoNotCount) {
  EXPECT_FALSE(exports_symbol(TEMPLATE_PLUGIN, "malloc"));
  EXPECT_FALSE(exports_symbol(TEMPLATE_PLUGIN, "calloc"));
  EXPECT_FALSE(exports_symbol(TEMPLATE_PLUGIN, "plugin_entry"));
  EXPECT_FALSE(exports_symbol(TEMPLATE_PLUGIN, "wf_plugin"));
}

TEST(ExportedSymbols, OfWhatIsNoLibrary) {
  EXPECT_THAT(exported_symbols("/no/such/file"), IsEmpty());
  EXPECT_THAT(exported_symbols("/"), IsEmpty());
  const TemporaryFolder folder;
  std::ofstream(folder.file("empty.so"));
  EXPECT_THAT(exported_symbols(folder.file("empty.so")), IsEmpty());
}

// Cut or changed anywhere, a library must be read without a step beyond its bytes.
TEST(ExportedSymbols, SurviveDamage) {
  const std::string good = bytes_of(TEMPLATE_PLUGIN);
  const TemporaryFolder folder;
  const std::string path = folder.file("damaged.so");
  for (std::size_t length = 0; length < good.size(); length += 1 + length / 7) {
    std::ofstream(path, std::ios::binary) << good.substr(0, length);
    exports_symbol(path, "wf_plugin_entry");
    exported_symbols(path);
  }
  for (std::size_t at = 0; at < 64; ++at) {
    std::string damaged = good;
    damaged[at] = static_cast<char>(~damaged[at]);
    std::ofstream(path, std::ios::binary) << damaged;
    exported_symbols(path);
  }
  for (std::size_t at = good.size() - 2048; at < good.size(); at += 13) {
    std::string damaged = good;
    damaged[at] = static_cast<char>(~damaged[at]);
    std::ofstream(path, std::ios::binary) << damaged;
    exported_symbols(path);
  }
}

}  // namespace
}  // namespace workflow
