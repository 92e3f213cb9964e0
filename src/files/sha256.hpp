// SHA-256 of bytes and files, FIPS 180-4.
#ifndef WORKFLOW_FILES_SHA256_HPP
#define WORKFLOW_FILES_SHA256_HPP

#include <cstddef>
#include <memory>
#include <string>

namespace workflow::files {

// Takes bytes in pieces. One thread at a time.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  void update(const void* data, std::size_t size_bytes);

  // 64 lower-case hexadecimal digits of all bytes so far. Call once, last.
  std::string hex();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

// Of a whole file. Throws Error WF_READ_FAILED.
std::string sha256_of_file(const std::string& path);

}  // namespace workflow::files

#endif  // WORKFLOW_FILES_SHA256_HPP
