#include "files/read_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "workflow/error.hpp"

namespace workflow::files {
namespace {

[[noreturn]] void fail(const std::string& path, const std::string& reason) {
  throw Error(WF_READ_FAILED, "cannot read " + path + ": " + reason);
}

class Descriptor {
 public:
  // Not blocking, so that a pipe without a writer is refused below instead of waited for.
  explicit Descriptor(const std::string& path)
      : value_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {
    if (value_ >= 0) return;
    if (errno == ENOENT) fail(path, "no such file; check the path");
    fail(path, std::strerror(errno));
  }
  ~Descriptor() { ::close(value_); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return value_; }

 private:
  int value_;
};

std::uint64_t regular_file_size(int descriptor, const std::string& path) {
  struct stat status;
  if (::fstat(descriptor, &status) != 0) fail(path, std::strerror(errno));
  if (S_ISDIR(status.st_mode)) fail(path, "it is a folder; wanted a file");
  if (!S_ISREG(status.st_mode)) fail(path, "it is a device or pipe; wanted a regular file");
  return static_cast<std::uint64_t>(status.st_size);
}

}  // namespace

std::vector<std::uint8_t> read_file(const std::string& path, std::uint64_t limit_bytes) {
  const Descriptor file(path);
  const std::uint64_t size = regular_file_size(file.get(), path);
  if (size > limit_bytes) {
    throw Error(WF_TOO_LARGE, path + " has " + std::to_string(size) + " bytes: wanted at most " +
                                  std::to_string(limit_bytes));
  }
  std::vector<std::uint8_t> bytes(size);
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t count = ::read(file.get(), bytes.data() + done, bytes.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail(path, std::strerror(errno));
    if (count == 0) fail(path, "it became shorter while it was read");
    done += static_cast<std::size_t>(count);
  }
  return bytes;
}

}  // namespace workflow::files
