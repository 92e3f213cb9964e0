// A small HTTP/1.1 server on 127.0.0.1 whose answers a test writes byte for byte.
#ifndef TESTS_FETCH_LOOPBACK_SERVER_HPP
#define TESTS_FETCH_LOOPBACK_SERVER_HPP

#include <atomic>
#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <thread>
#include <vector>

// Answers one request after the other on a thread of its own, until it is destroyed.
class LoopbackServer {
 public:
  struct Request {
    std::string path;            // "/a"
    std::size_t first_byte = 0;  // of "Range: bytes=N-"
  };

  // What has come of an answer to the client.
  class Connection {
   public:
    explicit Connection(int socket) : socket_(socket) {}
    // False: the client has gone.
    bool send(const std::string& bytes) const;

   private:
    int socket_;
  };
  using Answer = std::function<void(const Request&, const Connection&)>;

  LoopbackServer();
  ~LoopbackServer();

  std::string url(const std::string& path) const;
  // Set before the first request for the path. Other paths get 404.
  void answer(const std::string& path, Answer answer);
  // A whole file with ranges, as an ordinary web server gives it.
  void answer_with_file(const std::string& path, const std::string& body);
  int request_count() const { return request_count_; }

 private:
  void serve();
  void handle(int socket);

  int listener_ = -1;
  int port_ = 0;
  std::map<std::string, Answer> answers_;
  std::atomic<int> request_count_{0};
  std::thread thread_;
};

// Head of an answer with that status and length, the empty line included.
std::string response_head(const std::string& status, std::size_t length,
                          const std::string& more_headers = "");

#endif  // TESTS_FETCH_LOOPBACK_SERVER_HPP
