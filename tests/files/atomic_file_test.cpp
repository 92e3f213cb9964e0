#include "files/atomic_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>

#include "error_of.hpp"
#include "files/file_group.hpp"
#include "files/read_file.hpp"
#include "temporary_folder.hpp"

namespace workflow::files {
namespace {

using ::testing::HasSubstr;

std::string text_of(const std::string& path) {
  const auto bytes = read_file(path, 1 << 20);
  return std::string(bytes.begin(), bytes.end());
}

// Makes every write beyond a few bytes fail like a full disk, for root too.
class SmallDisk {
 public:
  SmallDisk() : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit small = {1000, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &small);
  }
  ~SmallDisk() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }

 private:
  void (*handler_)(int);
  rlimit before_;
};

TEST(AtomicFile, AppearsOnlyWithCommit) {
  const TemporaryFolder folder;
  AtomicFile file(folder.file("a"));
  file.write("half", 4);
  EXPECT_FALSE(std::filesystem::exists(folder.file("a")));
  file.write(" whole", 6);
  file.commit();
  EXPECT_EQ(text_of(folder.file("a")), "half whole");
  EXPECT_EQ(folder.count(), 1);
}

TEST(AtomicFile, WithoutCommitLeavesNothingAndKeepsTheOldFile) {
  const TemporaryFolder folder;
  write_file(folder.file("a"), "old");
  { AtomicFile(folder.file("a")).write("new", 3); }
  EXPECT_EQ(text_of(folder.file("a")), "old");
  EXPECT_EQ(folder.count(), 1);
}

TEST(AtomicFile, ReplacesAndFollowsTheUmask) {
  const TemporaryFolder folder;
  write_file(folder.file("a"), "old");
  write_file(folder.file("a"), "new");
  EXPECT_EQ(text_of(folder.file("a")), "new");
  const mode_t mask = ::umask(0);
  ::umask(mask);
  const auto mode = std::filesystem::status(folder.file("a")).permissions();
  EXPECT_EQ(static_cast<mode_t>(mode), 0666 & ~mask);
}

TEST(AtomicFile, NamesAMissingFolder) {
  const TemporaryFolder folder;
  const Error error = error_of([&] { write_file(folder.file("none/a"), "text"); });
  EXPECT_EQ(error.code(), WF_WRITE_FAILED);
  EXPECT_THAT(error.what(), HasSubstr(folder.file("none/a")));
  EXPECT_THAT(error.what(), HasSubstr("No such file or directory"));
  EXPECT_THAT(error.what(), HasSubstr("make its folder"));
}

TEST(AtomicFile, RefusesFoldersAndDevices) {
  const TemporaryFolder folder;
  EXPECT_THAT(error_of([&] { write_file(folder.path(), "text"); }).what(),
              HasSubstr("it is a folder"));
  EXPECT_THAT(error_of([&] { write_file("/dev/null", "text"); }).what(),
              HasSubstr("not a regular file"));
}

TEST(AtomicFile, FullDiskKeepsTheOldFileAndTheNextWriteWorks) {
  const TemporaryFolder folder;
  write_file(folder.file("a"), "old");
  const std::string large(5000, 'x');
  {
    const SmallDisk disk;
    const Error error = error_of([&] { write_file(folder.file("a"), large); });
    EXPECT_EQ(error.code(), WF_WRITE_FAILED);
    EXPECT_THAT(error.what(), HasSubstr(folder.file("a")));
    EXPECT_THAT(error.what(), HasSubstr("free some space"));
  }
  EXPECT_EQ(text_of(folder.file("a")), "old");
  EXPECT_EQ(folder.count(), 1);
  write_file(folder.file("a"), large);
  EXPECT_EQ(text_of(folder.file("a")), large);
}

TEST(FileGroup, AppearsAsAWholeOrNotAtAll) {
  const TemporaryFolder folder;
  {
    FileGroup group;
    group.add(folder.file("a"), "first");
    const SmallDisk disk;
    const std::string large(5000, 'x');
    EXPECT_EQ(error_of([&] { group.add(folder.file("b"), large); }).code(), WF_WRITE_FAILED);
  }
  EXPECT_EQ(folder.count(), 0);
  FileGroup group;
  group.add(folder.file("a"), "first");
  group.add(folder.file("b"), "second");
  EXPECT_FALSE(std::filesystem::exists(folder.file("a")));
  group.commit();
  EXPECT_EQ(text_of(folder.file("a")), "first");
  EXPECT_EQ(text_of(folder.file("b")), "second");
  EXPECT_EQ(folder.count(), 2);
}

TEST(MakeWritableFolder, MakesParentsAndLeavesNoProbe) {
  const TemporaryFolder folder;
  make_writable_folder(folder.file("a/b/c"));
  make_writable_folder(folder.file("a/b/c"));
  EXPECT_TRUE(std::filesystem::is_empty(folder.file("a/b/c")));
}

TEST(MakeWritableFolder, RefusesAFileInTheWayAndPlacesThatTakeNoFiles) {
  const TemporaryFolder folder;
  write_file(folder.file("a"), "text");
  const Error error = error_of([&] { make_writable_folder(folder.file("a/b")); });
  EXPECT_EQ(error.code(), WF_WRITE_FAILED);
  EXPECT_THAT(error.what(), HasSubstr(folder.file("a/b")));
  EXPECT_THAT(error.what(), HasSubstr("Not a directory"));
  EXPECT_EQ(error_of([&] { make_writable_folder(folder.file("a")); }).code(), WF_WRITE_FAILED);
  // procfs takes no new files from anybody, root included.
  EXPECT_EQ(error_of([&] { make_writable_folder("/proc/self"); }).code(), WF_WRITE_FAILED);
}

}  // namespace
}  // namespace workflow::files
