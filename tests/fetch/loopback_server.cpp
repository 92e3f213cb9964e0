#include "loopback_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>

bool LoopbackServer::Connection::send(const std::string& bytes) const {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t sent = ::send(socket_, bytes.data() + done, bytes.size() - done, MSG_NOSIGNAL);
    if (sent <= 0) return false;
    done += static_cast<std::size_t>(sent);
  }
  return true;
}

LoopbackServer::LoopbackServer() {
  // A proxy of the machine would not reach this process.
  ::setenv("NO_PROXY", "127.0.0.1", 1);
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_, generic, size) != 0 || ::listen(listener_, 8) != 0 ||
      ::getsockname(listener_, generic, &size) != 0) {
    throw std::runtime_error("no port on 127.0.0.1");
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

LoopbackServer::~LoopbackServer() {
  ::shutdown(listener_, SHUT_RDWR);  // wakes accept
  thread_.join();
  ::close(listener_);
}

std::string LoopbackServer::url(const std::string& path) const {
  return "http://127.0.0.1:" + std::to_string(port_) + path;
}

void LoopbackServer::answer(const std::string& path, Answer answer) {
  answers_[path] = std::move(answer);
}

void LoopbackServer::answer_with_file(const std::string& path, const std::string& body) {
  answer(path, [body](const Request& request, const Connection& connection) {
    const std::size_t first = request.first_byte;
    if (first == 0) {
      connection.send(response_head("200 OK", body.size()) + body);
    } else if (first < body.size()) {
      const std::string range = "Content-Range: bytes " + std::to_string(first) + "-" +
                                std::to_string(body.size() - 1) + "/" +
                                std::to_string(body.size()) + "\r\n";
      connection.send(response_head("206 Partial Content", body.size() - first, range) +
                      body.substr(first));
    } else {
      connection.send(response_head("416 Range Not Satisfiable", 0));
    }
  });
}

void LoopbackServer::serve() {
  for (;;) {
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) return;
    handle(socket);
    ::close(socket);
  }
}

void LoopbackServer::handle(int socket) {
  std::string head;
  char block[4096];
  while (head.find("\r\n\r\n") == std::string::npos) {
    const ssize_t count = ::recv(socket, block, sizeof(block), 0);
    if (count <= 0) return;
    head.append(block, static_cast<std::size_t>(count));
  }
  ++request_count_;
  Request request;
  const std::size_t start = head.find(' ') + 1;
  request.path = head.substr(start, head.find(' ', start) - start);
  const std::string range = "Range: bytes=";
  const std::size_t position = head.find(range);
  if (position != std::string::npos) {
    request.first_byte = std::strtoull(head.c_str() + position + range.size(), nullptr, 10);
  }
  const auto found = answers_.find(request.path);
  if (found == answers_.end()) {
    Connection(socket).send(response_head("404 Not Found", 4) + "none");
  } else {
    found->second(request, Connection(socket));
  }
}

std::string response_head(const std::string& status, std::size_t length,
                          const std::string& more_headers) {
  return "HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(length) +
         "\r\nConnection: close\r\n" + more_headers + "\r\n";
}
