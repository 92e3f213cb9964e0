#include "files/atomic_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "workflow/error.hpp"

namespace workflow::files {
namespace {

std::string folder_of(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

// What to do about the reasons that people meet.
const char* advice(int system_error) {
  switch (system_error) {
    case ENOENT:
      return "; make its folder first";
    case EACCES:
    case EPERM:
    case EROFS:
      return "; choose a folder that you may write to";
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return "; free some space or write elsewhere";
    default:
      return "";
  }
}

[[noreturn]] void throw_write_error(const std::string& path, const std::string& reason) {
  throw Error(WF_WRITE_FAILED, "cannot write " + path + ": " + reason);
}

// A rename would put a file in the place of a device such as /dev/null.
void refuse_special_target(const std::string& path) {
  struct stat status;
  if (::stat(path.c_str(), &status) != 0) return;
  if (S_ISDIR(status.st_mode)) throw_write_error(path, "it is a folder; name a file in it");
  if (!S_ISREG(status.st_mode)) throw_write_error(path, "it is not a regular file");
}

}  // namespace

// mkstemp would give the file mode 0600; here the umask decides, as with any other program.
AtomicFile::AtomicFile(const std::string& path) : path_(path) {
  static std::atomic<unsigned> counter{0};
  refuse_special_target(path);
  const std::string prefix = folder_of(path) + "/.wf-" + std::to_string(::getpid()) + "-";
  do {
    temporary_path_ = prefix + std::to_string(counter++) + ".tmp";
    descriptor_ = ::open(temporary_path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  } while (descriptor_ < 0 && (errno == EEXIST || errno == EINTR));
  if (descriptor_ >= 0) return;
  const int error = errno;
  temporary_path_.clear();
  fail("making a file in " + folder_of(path), error);
}

AtomicFile::~AtomicFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!temporary_path_.empty()) ::unlink(temporary_path_.c_str());
}

void AtomicFile::write(const void* data, std::size_t size_bytes) {
  const char* position = static_cast<const char*>(data);
  while (size_bytes > 0) {
    const ssize_t written = ::write(descriptor_, position, size_bytes);
    if (written < 0) {
      if (errno == EINTR) continue;
      fail("writing", errno);
    }
    position += written;
    size_bytes -= static_cast<std::size_t>(written);
  }
}

void AtomicFile::flush() {
  if (::fsync(descriptor_) != 0) fail("flushing", errno);
}

void AtomicFile::commit() {
  flush();
  const int closed = ::close(descriptor_);
  descriptor_ = -1;
  if (closed != 0) fail("closing", errno);
  if (::rename(temporary_path_.c_str(), path_.c_str()) != 0) fail("renaming", errno);
  temporary_path_.clear();
  flush_folder_of(path_);
}

void AtomicFile::fail(const std::string& action, int system_error) {
  throw_write_error(path_, action + ": " + std::strerror(system_error) + advice(system_error));
}

void write_file(const std::string& path, const void* data, std::size_t size_bytes) {
  AtomicFile file(path);
  file.write(data, size_bytes);
  file.commit();
}

void write_file(const std::string& path, const std::string& text) {
  write_file(path, text.data(), text.size());
}

void flush_folder_of(const std::string& path) noexcept {
  const int descriptor = ::open(folder_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  ::fsync(descriptor);
  ::close(descriptor);
}

void make_writable_folder(const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error || !std::filesystem::is_directory(folder)) {
    const int reason = error ? error.value() : ENOTDIR;
    throw Error(WF_WRITE_FAILED, "cannot make the folder " + folder + ": " +
                                     std::strerror(reason) +
                                     (reason == ENOENT ? "" : advice(reason)));
  }
  AtomicFile probe(folder + "/probe");
}

}  // namespace workflow::files
