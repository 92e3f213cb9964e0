#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "error_of.hpp"
#include "fetch/fetch.hpp"
#include "files/atomic_file.hpp"
#include "files/read_file.hpp"
#include "files/sha256.hpp"
#include "loopback_server.hpp"
#include "temporary_folder.hpp"

namespace workflow::fetch {
namespace {

using ::testing::HasSubstr;
using Connection = LoopbackServer::Connection;
using Request = LoopbackServer::Request;

std::string sha256_of(const std::string& text) {
  files::Sha256 digest;
  digest.update(text.data(), text.size());
  return digest.hex();
}

class Download : public ::testing::Test {
 protected:
  Download() : body_(300'000, '\0') {
    for (std::size_t i = 0; i < body_.size(); ++i) body_[i] = static_cast<char>(i * 7 / 3);
    options_.sha256 = sha256_of(body_);
  }
  void download(const std::string& path) { download_file(server_.url(path), target_, options_); }
  std::string installed() const {
    const auto bytes = files::read_file(target_, 1 << 20);
    return std::string(bytes.begin(), bytes.end());
  }
  bool exists(const std::string& path) const { return std::filesystem::exists(path); }

  std::string body_;
  TemporaryFolder folder_;
  std::string target_ = folder_.file("model");
  std::string part_ = target_ + ".part";
  DownloadOptions options_;
  LoopbackServer server_;
};

TEST_F(Download, InstallsACompleteFileAndTellsItsProgress) {
  server_.answer_with_file("/model", body_);
  std::uint64_t last = 0, total = 0;
  options_.progress = [&](std::uint64_t bytes, std::uint64_t all) {
    EXPECT_GE(bytes, last);
    last = bytes;
    total = all;
  };
  download("/model");
  EXPECT_EQ(installed(), body_);
  EXPECT_EQ(folder_.count(), 1);
  EXPECT_EQ(last, body_.size());
  EXPECT_EQ(total, body_.size());
}

TEST_F(Download, GoesOnWhereItBrokeOff) {
  int tries = 0;
  std::size_t resumed_at = 0;
  server_.answer("/model", [&](const Request& request, const Connection& connection) {
    if (++tries == 1) {
      connection.send(response_head("200 OK", body_.size()) + body_.substr(0, 100'000));
      return;
    }
    resumed_at = request.first_byte;
    const std::string range = "Content-Range: bytes " + std::to_string(resumed_at) +
                              "-299999/300000\r\n";
    connection.send(response_head("206 Partial Content", body_.size() - resumed_at, range) +
                    body_.substr(resumed_at));
  });
  const Error error = error_of([&] { download("/model"); });
  EXPECT_EQ(error.code(), WF_READ_FAILED);
  EXPECT_THAT(error.what(), HasSubstr("broke off after 100000 bytes"));
  EXPECT_FALSE(exists(target_));
  EXPECT_EQ(std::filesystem::file_size(part_), 100'000u);
  download("/model");
  EXPECT_EQ(resumed_at, 100'000u);
  EXPECT_EQ(installed(), body_);
  EXPECT_EQ(folder_.count(), 1);
}

TEST_F(Download, StartsAnewWhereTheServerKnowsNoRanges) {
  server_.answer("/model", [&](const Request&, const Connection& connection) {
    connection.send(response_head("200 OK", body_.size()) + body_);
  });
  files::write_file(part_, body_.substr(0, 5000));
  download("/model");
  EXPECT_EQ(installed(), body_);
}

TEST_F(Download, StartsAnewFromAPartOfAnotherFile) {
  server_.answer_with_file("/model", body_);
  files::write_file(part_, std::string(5000, 'z'));
  download("/model");
  EXPECT_EQ(installed(), body_);
  EXPECT_EQ(server_.request_count(), 2);
}

TEST_F(Download, TakesAPartThatIsCompleteAndDropsOneThatIsTooLong) {
  server_.answer_with_file("/model", body_);
  files::write_file(part_, body_);
  download("/model");
  EXPECT_EQ(installed(), body_);
  files::write_file(part_, body_ + "more");
  download("/model");
  EXPECT_EQ(installed(), body_);
}

TEST_F(Download, RefusesAChangedFileAndKeepsTheOldOne) {
  files::write_file(target_, "old");
  std::string changed = body_;
  changed[1234] ^= 1;
  server_.answer_with_file("/model", changed);
  const Error error = error_of([&] { download("/model"); });
  EXPECT_EQ(error.code(), WF_READ_FAILED);
  EXPECT_THAT(error.what(), HasSubstr(options_.sha256));
  EXPECT_THAT(error.what(), HasSubstr(sha256_of(changed)));
  EXPECT_EQ(installed(), "old");
  EXPECT_EQ(folder_.count(), 1);
}

TEST_F(Download, LeavesNothingOfAMissingFile) {
  EXPECT_THAT(error_of([&] { download("/none"); }).what(), HasSubstr("status 404"));
  EXPECT_EQ(folder_.count(), 0);
}

TEST_F(Download, DoesNotBuildOnAnUnknownPartWithoutAChecksum) {
  server_.answer_with_file("/model", body_);
  files::write_file(part_, std::string(5000, 'z'));
  options_.sha256.clear();
  download("/model");
  EXPECT_EQ(installed(), body_);
}

TEST_F(Download, StopsWhenCancelled) {
  std::atomic<bool> cancelled{true};
  options_.cancelled = &cancelled;
  server_.answer_with_file("/model", body_);
  EXPECT_EQ(error_of([&] { download("/model"); }).code(), WF_CANCELLED);
  EXPECT_FALSE(exists(target_));
  cancelled = false;
  download("/model");
  EXPECT_EQ(installed(), body_);
}

TEST_F(Download, RefusesMoreThanTheLimitAndAMissingFolder) {
  server_.answer_with_file("/model", body_);
  options_.limits.bytes = 1000;
  EXPECT_EQ(error_of([&] { download("/model"); }).code(), WF_TOO_LARGE);
  options_.limits.bytes = 1'000'000;
  target_ = folder_.file("none/model");
  const Error error = error_of([&] { download("/model"); });
  EXPECT_EQ(error.code(), WF_WRITE_FAILED);
  EXPECT_THAT(error.what(), HasSubstr(target_));
}

}  // namespace
}  // namespace workflow::fetch
