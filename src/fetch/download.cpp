#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "fetch/fetch.hpp"
#include "fetch/transfer.hpp"
#include "files/atomic_file.hpp"
#include "files/sha256.hpp"
#include "workflow/error.hpp"

namespace workflow::fetch {
namespace {

// The file that a download grows in. Locked, so that two processes do not write into one.
class PartFile {
 public:
  explicit PartFile(const std::string& path)
      : path_(path),
        descriptor_(::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666)) {
    if (descriptor_ < 0) fail("opening", errno);
    if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
      ::close(descriptor_);
      throw Error(WF_WRITE_FAILED, path + " is being written by another download; let it end");
    }
  }
  // An empty part is of no use to a later try.
  ~PartFile() {
    if (!installed_ && size() == 0) remove();
    ::close(descriptor_);
  }
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;

  std::uint64_t size() const {
    struct stat status;
    return ::fstat(descriptor_, &status) == 0 ? static_cast<std::uint64_t>(status.st_size) : 0;
  }
  void clear() {
    if (::ftruncate(descriptor_, 0) != 0) fail("emptying", errno);
  }
  void append(const void* data, std::size_t size_bytes) {
    const char* position = static_cast<const char*>(data);
    while (size_bytes > 0) {
      const ssize_t written = ::write(descriptor_, position, size_bytes);
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) fail("writing", errno);
      position += written;
      size_bytes -= static_cast<std::size_t>(written);
    }
  }
  void remove() { ::unlink(path_.c_str()); }
  void install(const std::string& path) {
    if (::fsync(descriptor_) != 0) fail("flushing", errno);
    if (::rename(path_.c_str(), path.c_str()) != 0) fail("renaming", errno);
    installed_ = true;
    files::flush_folder_of(path);
  }

 private:
  [[noreturn]] void fail(const char* action, int error) const {
    throw Error(WF_WRITE_FAILED, std::string("cannot write ") + path_ + ": " + action + ": " +
                                     std::strerror(error));
  }

  std::string path_;
  int descriptor_;
  bool installed_ = false;
};

void receive(const std::string& url, const DownloadOptions& options, PartFile& part) {
  TransferRequest request;
  request.url = url;
  request.limits = options.limits;
  request.first_byte = part.size();
  std::uint64_t before = 0;
  request.begin = [&](bool resumed) {
    before = resumed ? request.first_byte : 0;
    if (!resumed) part.clear();
  };
  request.write = [&](const void* data, std::size_t size) { part.append(data, size); };
  if (options.progress) {
    request.progress = [&](std::uint64_t bytes, std::uint64_t total) {
      options.progress(before + bytes, total == 0 ? 0 : before + total);
    };
  }
  if (options.cancelled != nullptr) {
    request.cancelled = [&] { return options.cancelled->load(); };
  }
  // No more bytes: the part is complete, or of another file. Its checksum tells.
  transfer(request);
}

}  // namespace

void download_file(const std::string& url, const std::string& path,
                   const DownloadOptions& options) {
  check_url(url);
  const std::string part_path = path + ".part";
  PartFile part(part_path);
  // Without a checksum nothing would tell that the old part is of the same file.
  if (options.sha256.empty()) part.clear();
  const bool began_earlier = part.size() > 0;
  receive(url, options, part);
  if (!options.sha256.empty()) {
    std::string found = files::sha256_of_file(part_path);
    if (found != options.sha256 && began_earlier) {
      part.clear();
      receive(url, options, part);
      found = files::sha256_of_file(part_path);
    }
    if (found != options.sha256) {
      part.remove();
      throw Error(WF_READ_FAILED, url + " has the SHA-256 " + found + ": wanted " +
                                      options.sha256 +
                                      "; the file there is another one or was changed on its way");
    }
  }
  part.install(path);
}

}  // namespace workflow::fetch
