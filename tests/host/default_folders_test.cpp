#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "host/template_workflow.hpp"

namespace workflow {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;

TEST(DefaultFolders, ComeFromTheEnvironmentFirst) {
  ::setenv("WF_PLUGIN_PATH", "/a/b::/c", 1);
  EXPECT_THAT(PluginRegistry::default_folders(), ElementsAre("/a/b", "/c"));
  ::unsetenv("WF_PLUGIN_PATH");
}

TEST(DefaultFolders, AreTheLibrarysOwnElse) {
  ::unsetenv("WF_PLUGIN_PATH");
  EXPECT_THAT(PluginRegistry::default_folders(),
              ElementsAre(EndsWith("lib"), EndsWith("lib/workflow")));
}

TEST(DefaultFolders, HoldTheTemplatePlugin) {
  ::unsetenv("WF_PLUGIN_PATH");
  Workflow workflow;
  EXPECT_EQ(workflow.add_task(kTask), 0);
}

}  // namespace
}  // namespace workflow
