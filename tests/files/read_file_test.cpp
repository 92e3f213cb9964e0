#include "files/read_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "error_of.hpp"
#include "files/atomic_file.hpp"
#include "files/sha256.hpp"
#include "temporary_folder.hpp"

namespace workflow::files {
namespace {

using ::testing::HasSubstr;

TEST(ReadFile, GivesAllBytes) {
  const TemporaryFolder folder;
  const std::string text("a\0b", 3);
  write_file(folder.file("a"), text);
  EXPECT_THAT(read_file(folder.file("a"), 3), ::testing::ElementsAre('a', '\0', 'b'));
  write_file(folder.file("empty"), "");
  EXPECT_TRUE(read_file(folder.file("empty"), 0).empty());
}

TEST(ReadFile, TellsMissingFolderAndPipeApart) {
  const TemporaryFolder folder;
  const std::string pipe = folder.file("pipe");
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const auto failure = [](const std::string& path) {
    return error_of([&] { read_file(path, 10); });
  };
  EXPECT_EQ(failure(folder.file("none")).code(), WF_READ_FAILED);
  EXPECT_THAT(failure(folder.file("none")).what(), HasSubstr(folder.file("none")));
  EXPECT_THAT(failure(folder.file("none")).what(), HasSubstr("no such file"));
  EXPECT_THAT(failure(folder.path()).what(), HasSubstr("is a folder"));
  EXPECT_THAT(failure(pipe).what(), HasSubstr("device or pipe"));
}

TEST(ReadFile, RefusesMoreThanTheLimit) {
  const TemporaryFolder folder;
  write_file(folder.file("a"), "12345");
  const Error error = error_of([&] { read_file(folder.file("a"), 4); });
  EXPECT_EQ(error.code(), WF_TOO_LARGE);
  EXPECT_THAT(error.what(), HasSubstr("5 bytes"));
  EXPECT_THAT(error.what(), HasSubstr("at most 4"));
}

// Examples of FIPS 180-4 (csrc.nist.gov, SHA256.pdf) and of the empty text.
TEST(Sha256, AgreesWithThePublishedExamples) {
  Sha256 digest;
  digest.update("a", 1);
  digest.update("bc", 2);
  EXPECT_EQ(digest.hex(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  const TemporaryFolder folder;
  write_file(folder.file("empty"), "");
  EXPECT_EQ(sha256_of_file(folder.file("empty")),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(error_of([&] { sha256_of_file(folder.file("none")); }).code(), WF_READ_FAILED);
  EXPECT_EQ(error_of([&] { sha256_of_file(folder.path()); }).code(), WF_READ_FAILED);
}

}  // namespace
}  // namespace workflow::files
