#include "files/folder_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "workflow/error.hpp"

namespace workflow::files {

FolderLock::FolderLock(const std::string& folder, const std::string& purpose)
    : path_(folder + "/" + kName) {
  do {
    if (descriptor_ >= 0) ::close(descriptor_);
    descriptor_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (descriptor_ < 0) {
      throw Error(WF_WRITE_FAILED, "cannot write " + path_ + ": " + std::strerror(errno));
    }
    if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
      refuse(folder, purpose);
    }
    // Whoever had it may have removed the file after it was opened here.
  } while (!names_our_file());
  const std::string holder = std::to_string(::getpid()) + "\n";
  if (::ftruncate(descriptor_, 0) == 0) {
    // Only for the text of an error elsewhere: the lock holds without it.
    [[maybe_unused]] const ssize_t told = ::pwrite(descriptor_, holder.data(), holder.size(), 0);
  }
}

FolderLock::~FolderLock() {
  if (names_our_file()) ::unlink(path_.c_str());
  ::close(descriptor_);
}

bool FolderLock::names_our_file() const {
  struct stat named = {}, ours = {};
  return ::stat(path_.c_str(), &named) == 0 && ::fstat(descriptor_, &ours) == 0 &&
         named.st_ino == ours.st_ino && named.st_dev == ours.st_dev;
}

void FolderLock::refuse(const std::string& folder, const std::string& purpose) {
  char holder[24] = {};
  const ssize_t size = ::pread(descriptor_, holder, sizeof holder - 1, 0);
  ::close(descriptor_);
  const std::string number(holder, size > 0 ? std::strcspn(holder, "\n") : 0);
  throw Error(WF_WRITE_FAILED,
              folder + " is in use: " + (number.empty() ? "another process" : "process " + number) +
                  " " + purpose +
                  " there; let it end or stop it, or write to "
                  "another file");
}

}  // namespace workflow::files
