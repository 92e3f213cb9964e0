#include "files/scratch_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "error_of.hpp"
#include "files/atomic_file.hpp"
#include "temporary_folder.hpp"

namespace workflow::files {
namespace {

using ::testing::HasSubstr;

TEST(ScratchFolder, GoesWithAllThatIsInIt) {
  const TemporaryFolder folder;
  std::string path;
  {
    const ScratchFolder first(folder.file("work-")), second(folder.file("work-"));
    EXPECT_NE(first.path(), second.path());
    write_file(first.path() + "/a", "text");
    path = first.path();
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(ScratchFolder, BecomesAFolderUnlessOneIsThere) {
  const TemporaryFolder folder;
  const std::string home = folder.file("home");
  std::filesystem::create_directory(home);
  {
    ScratchFolder scratch(home + "/work-");
    write_file(scratch.path() + "/a", "first");
    EXPECT_TRUE(scratch.become(home + "/done"));
  }
  EXPECT_TRUE(std::filesystem::exists(home + "/done/a"));
  EXPECT_EQ(std::filesystem::status(home + "/done").permissions(),
            std::filesystem::status(home).permissions());
  {
    ScratchFolder scratch(home + "/work-");
    write_file(scratch.path() + "/b", "second");
    EXPECT_FALSE(scratch.become(home + "/done"));
  }
  EXPECT_TRUE(std::filesystem::exists(home + "/done/a"));
  EXPECT_FALSE(std::filesystem::exists(home + "/done/b"));
}

TEST(ScratchFolder, SaysWhereItCannotBe) {
  const TemporaryFolder folder;
  const auto make = [&] { ScratchFolder scratch(folder.file("none/work-")); };
  EXPECT_THAT(error_of(make).what(), HasSubstr("none/work-"));
  ScratchFolder scratch(folder.file("work-"));
  const auto become = [&] { scratch.become(folder.file("none/done")); };
  EXPECT_EQ(error_of(become).code(), WF_WRITE_FAILED);
}

}  // namespace
}  // namespace workflow::files
