#include "files/folder_lock.hpp"

#include <gmock/gmock.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <optional>

#include "error_of.hpp"
#include "temporary_folder.hpp"

namespace workflow::files {
namespace {

using ::testing::HasSubstr;

class FolderLockTest : public ::testing::Test {
 protected:
  std::string refusal() {
    return error_of([this] { FolderLock(folder_.path(), "paints"); }).what();
  }

  TemporaryFolder folder_;
};

TEST_F(FolderLockTest, IsOneHoldersAtATime) {
  std::optional<FolderLock> lock;
  lock.emplace(folder_.path(), "paints");
  EXPECT_THAT(refusal(), HasSubstr("process " + std::to_string(::getpid()) + " paints there"));
  lock.reset();
  EXPECT_TRUE(std::filesystem::is_empty(folder_.path()));
  FolderLock again(folder_.path(), "paints");
}

TEST_F(FolderLockTest, IsGivenBackByAProcessThatIsKilled) {
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const FolderLock lock(folder_.path(), "paints");
    [[maybe_unused]] const ssize_t told = ::write(ready[1], "x", 1);
    for (;;) ::pause();
  }
  char byte = 0;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  EXPECT_THAT(refusal(), HasSubstr("process " + std::to_string(child)));
  ::kill(child, SIGKILL);
  ASSERT_EQ(::waitpid(child, nullptr, 0), child);
  EXPECT_TRUE(std::filesystem::exists(folder_.file(FolderLock::kName)));
  FolderLock lock(folder_.path(), "paints");
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST_F(FolderLockTest, LeavesAFolderThatWasRemovedAndMadeAgainToItsNextHolder) {
  const std::string path = folder_.file("parts");
  std::filesystem::create_directory(path);
  std::optional<FolderLock> first, second;
  first.emplace(path, "paints");
  std::filesystem::remove_all(path);
  std::filesystem::create_directory(path);
  second.emplace(path, "paints");
  first.reset();
  EXPECT_THAT(error_of([&] { FolderLock(path, "paints"); }).what(), HasSubstr("is in use"));
}

TEST_F(FolderLockTest, SaysWhereItCannotWrite) {
  EXPECT_THAT(error_of([&] { FolderLock(folder_.file("none"), "paints"); }).what(),
              HasSubstr("none/lock"));
}

}  // namespace
}  // namespace workflow::files
