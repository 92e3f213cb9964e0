#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "error_of.hpp"
#include "host/template_workflow.hpp"
#include "temporary_folder.hpp"

namespace workflow {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string broken(const std::string& fault) {
  return BROKEN_PLUGINS "broken_" + fault + ".so";
}

// Whether the process has the file mapped.
bool is_loaded(const std::string& path) {
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    if (line.find(path) != std::string::npos) return true;
  }
  return false;
}

std::string refusal(const std::string& path) {
  PluginRegistry registry;
  const Error error = error_of([&] { registry.load(path); });
  EXPECT_EQ(error.code(), WF_PLUGIN_INVALID) << error.what();
  EXPECT_THAT(registry.plugins(), IsEmpty());
  return error.what();
}

TEST(PluginRegistry, DescribesWhatItLoaded) {
  const auto registry = template_registry();
  const auto plugins = registry->plugins();
  ASSERT_EQ(plugins.size(), 1u);
  EXPECT_EQ(plugins[0].name, "template_plugin");
  EXPECT_EQ(plugins[0].abi_version, WF_ABI_VERSION);
  EXPECT_THAT(plugins[0].tasks, ElementsAre(kTask));
  EXPECT_EQ(registry->task_info(kTask).input_count, 2u);
}

TEST(PluginRegistry, LoadingAgainDoesNothing) {
  const auto registry = template_registry();
  const TemporaryFolder folder;
  std::filesystem::create_symlink(TEMPLATE_PLUGIN, folder.file("link.so"));
  registry->load(TEMPLATE_PLUGIN);
  registry->load(folder.file("link.so"));
  EXPECT_EQ(registry->plugins().size(), 1u);
}

TEST(PluginRegistry, UnknownTaskNamesThoseThereAre) {
  EXPECT_EQ(error_of([] { template_registry()->task_info("nothing"); }).code(), WF_UNKNOWN_TASK);
  EXPECT_THAT(error_of([] { template_registry()->task_info("nothing"); }).what(),
              AllOf(HasSubstr("nothing"), HasSubstr(kTask)));
  EXPECT_THAT(error_of([] { PluginRegistry().task_info("nothing"); }).what(),
              HasSubstr("WF_PLUGIN_PATH"));
}

TEST(PluginRegistry, RefusesAnotherMajorVersionNamingBoth) {
  EXPECT_THAT(refusal(broken("wrong_major")), AllOf(HasSubstr("ABI 2.5"), HasSubstr("ABI 1.2")));
}

TEST(PluginRegistry, RefusesWhatIsNoPlugin) {
  const TemporaryFolder folder;
  std::ofstream(folder.file("text.so")) << "not a library";
  EXPECT_THAT(refusal(folder.file("text.so")), HasSubstr("text.so"));
  EXPECT_THAT(refusal(folder.file("missing.so")), HasSubstr("No such file"));
  EXPECT_THAT(refusal(folder.path()), HasSubstr(folder.path()));
  EXPECT_THAT(refusal(broken("no_entry")), HasSubstr("wf_plugin_entry"));
  EXPECT_THAT(refusal(broken("null_entry")), AllOf(HasSubstr("NULL"), HasSubstr("ABI 1.2")));
}

TEST(PluginRegistry, RefusesTablesWithHoles) {
  EXPECT_THAT(refusal(broken("null_function")), HasSubstr("function"));
  EXPECT_THAT(refusal(broken("small_table")), HasSubstr("struct_size 40"));
  EXPECT_THAT(refusal(broken("null_text")), HasSubstr("task 0"));
  EXPECT_THAT(refusal(broken("entry_throws")), HasSubstr("exception"));
}

TEST(PluginRegistry, KeepsNothingLoadedAfterARefusal) {
  for (const char* fault : {"wrong_major", "null_entry", "no_entry", "null_function"}) {
    refusal(broken(fault));
    EXPECT_FALSE(is_loaded(broken(fault))) << fault;
  }
}

TEST(PluginRegistry, UnloadsWhenRegistryAndWorkflowsAreGone) {
  auto registry = template_registry();
  {
    Workflow workflow(registry);
    workflow.add_task(kTask);
    registry.reset();
    EXPECT_TRUE(is_loaded(TEMPLATE_PLUGIN));
  }
  EXPECT_FALSE(is_loaded(TEMPLATE_PLUGIN));
}

TEST(PluginRegistry, RefusesASecondPluginWithTheSameTask) {
  const auto registry = template_registry();
  const TemporaryFolder folder;
  std::filesystem::copy_file(TEMPLATE_PLUGIN, folder.file("copy.so"));
  const Error error = error_of([&] { registry->load(folder.file("copy.so")); });
  EXPECT_EQ(error.code(), WF_PLUGIN_INVALID);
  EXPECT_THAT(error.what(), AllOf(HasSubstr(kTask), HasSubstr(TEMPLATE_PLUGIN)));
}

TEST(PluginRegistry, LoadsAFolderAndReportsTheRefused) {
  const TemporaryFolder folder;
  std::filesystem::copy_file(TEMPLATE_PLUGIN, folder.file("good.so"));
  std::filesystem::copy_file(broken("wrong_major"), folder.file("old.so"));
  std::filesystem::copy_file(broken("no_entry"), folder.file("library.so"));
  std::ofstream(folder.file("readme.txt")) << "hello";
  std::ofstream(folder.file("truncated.so")) << "\x7f"
                                                "ELF";
  std::filesystem::create_symlink(folder.file("good.so"), folder.file("good.so.1"));
  PluginRegistry registry;
  EXPECT_THAT(registry.load_folder(folder.path()), ElementsAre(HasSubstr("old.so")));
  EXPECT_EQ(registry.plugins().size(), 1u);
  EXPECT_THAT(registry.refused(), ElementsAre(HasSubstr("ABI 2.5")));
  EXPECT_THAT(error_of([&] { registry.task_info("x"); }).what(), HasSubstr("old.so"));
}

TEST(PluginRegistry, AFolderThatIsNotThereHasNoPlugins) {
  PluginRegistry registry;
  EXPECT_THAT(registry.load_folder("/no/such/folder"), IsEmpty());
}

}  // namespace
}  // namespace workflow
