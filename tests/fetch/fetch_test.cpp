#include "fetch/fetch.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "error_of.hpp"
#include "loopback_server.hpp"

namespace workflow::fetch {
namespace {

using ::testing::HasSubstr;
using Connection = LoopbackServer::Connection;
using Request = LoopbackServer::Request;

std::string text_of(const std::vector<std::uint8_t>& bytes) {
  return std::string(bytes.begin(), bytes.end());
}

LoopbackServer::Answer redirect_to(const std::string& target) {
  return [target](const Request&, const Connection& connection) {
    connection.send(response_head("302 Found", 0, "Location: " + target + "\r\n"));
  };
}

TEST(IsUrl, TellsAddressesFromPaths) {
  EXPECT_TRUE(is_url("http://a/b"));
  EXPECT_TRUE(is_url("HTTPS://a"));
  EXPECT_TRUE(is_url("file:///etc/passwd"));
  EXPECT_FALSE(is_url("a/b.png"));
  EXPECT_FALSE(is_url("/a b://c"));
  EXPECT_FALSE(is_url("://a"));
  EXPECT_FALSE(is_url(""));
}

TEST(FetchBytes, GivesTheBody) {
  LoopbackServer server;
  server.answer_with_file("/a", "picture");
  server.answer_with_file("/empty", "");
  EXPECT_EQ(text_of(fetch_bytes(server.url("/a"))), "picture");
  EXPECT_TRUE(fetch_bytes(server.url("/empty")).empty());
}

TEST(FetchBytes, FollowsAFewRedirects) {
  LoopbackServer server;
  server.answer("/1", redirect_to("/2"));
  server.answer("/2", redirect_to("/a"));
  server.answer_with_file("/a", "picture");
  EXPECT_EQ(text_of(fetch_bytes(server.url("/1"))), "picture");
}

TEST(FetchBytes, StopsARedirectLoop) {
  LoopbackServer server;
  server.answer("/loop", redirect_to("/loop"));
  const Error error = error_of([&] { fetch_bytes(server.url("/loop")); });
  EXPECT_EQ(error.code(), WF_READ_FAILED);
  EXPECT_THAT(error.what(), HasSubstr(server.url("/loop")));
  EXPECT_THAT(error.what(), HasSubstr("redirects more than 5 times"));
  EXPECT_EQ(server.request_count(), 6);
}

TEST(FetchBytes, RefusesOtherSchemesAlsoBehindARedirect) {
  for (const char* url : {"file:///etc/passwd", "ftp://127.0.0.1/a", "gopher://127.0.0.1/a"}) {
    const Error error = error_of([&] { fetch_bytes(url); });
    EXPECT_EQ(error.code(), WF_READ_FAILED);
    EXPECT_THAT(error.what(), HasSubstr("wanted an http or https address"));
    EXPECT_THAT(error.what(), HasSubstr(url));
  }
  LoopbackServer server;
  server.answer("/file", redirect_to("file:///etc/passwd"));
  const Error error = error_of([&] { fetch_bytes(server.url("/file")); });
  EXPECT_EQ(error.code(), WF_READ_FAILED);
  EXPECT_THAT(error.what(), HasSubstr("not http or https"));
}

TEST(FetchBytes, NamesTheStatusOfAMissingFile) {
  LoopbackServer server;
  const Error error = error_of([&] { fetch_bytes(server.url("/none")); });
  EXPECT_EQ(error.code(), WF_READ_FAILED);
  EXPECT_THAT(error.what(), HasSubstr("/none"));
  EXPECT_THAT(error.what(), HasSubstr("status 404"));
}

TEST(FetchBytes, RefusesAnAnswerThatIsNoFile) {
  LoopbackServer server;
  server.answer("/nothing", [](const Request&, const Connection& connection) {
    connection.send("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
  });
  EXPECT_THAT(error_of([&] { fetch_bytes(server.url("/nothing")); }).what(),
              HasSubstr("status 204"));
}

TEST(FetchBytes, EnforcesTheSizeAnnouncedOrNot) {
  LoopbackServer server;
  server.answer_with_file("/announced", std::string(2000, 'x'));
  server.answer("/endless", [](const Request&, const Connection& connection) {
    connection.send("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
    while (connection.send(std::string(1000, 'x'))) {
    }
  });
  Limits limits;
  limits.bytes = 1999;
  for (const char* path : {"/announced", "/endless"}) {
    const Error error = error_of([&] { fetch_bytes(server.url(path), limits); });
    EXPECT_EQ(error.code(), WF_TOO_LARGE) << path;
    EXPECT_THAT(error.what(), HasSubstr("limit of 1999 bytes"));
  }
  limits.bytes = 2000;
  EXPECT_EQ(fetch_bytes(server.url("/announced"), limits).size(), 2000u);
}

TEST(FetchBytes, EnforcesTheTime) {
  LoopbackServer server;
  server.answer("/slow", [](const Request&, const Connection& connection) {
    connection.send(response_head("200 OK", 100));
    for (int i = 0; i < 30 && connection.send("x"); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
  });
  Limits limits;
  limits.seconds = 1;
  const Error error = error_of([&] { fetch_bytes(server.url("/slow"), limits); });
  EXPECT_EQ(error.code(), WF_TOO_LARGE);
  EXPECT_THAT(error.what(), HasSubstr("limit 1 s"));
}

TEST(FetchBytes, TellsABodyThatBrokeOff) {
  LoopbackServer server;
  server.answer("/short", [](const Request&, const Connection& connection) {
    connection.send(response_head("200 OK", 100) + "only this");
  });
  const Error error = error_of([&] { fetch_bytes(server.url("/short")); });
  EXPECT_EQ(error.code(), WF_READ_FAILED);
  EXPECT_THAT(error.what(), HasSubstr("broke off after 9 bytes"));
}

TEST(FetchBytes, NamesARefusedConnection) {
  std::string url;
  {
    const LoopbackServer server;
    url = server.url("/a");
  }
  const Error error = error_of([&] { fetch_bytes(url); });
  EXPECT_EQ(error.code(), WF_READ_FAILED);
  EXPECT_THAT(error.what(), HasSubstr(url));
  EXPECT_THAT(error.what(), HasSubstr("onnect"));
}

}  // namespace
}  // namespace workflow::fetch
