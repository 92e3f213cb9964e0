// One process at a time in a folder.
#ifndef WORKFLOW_FILES_FOLDER_LOCK_HPP
#define WORKFLOW_FILES_FOLDER_LOCK_HPP

#include <string>

namespace workflow::files {

// Holds the file "lock" in a folder; the file goes with this object. The system gives the lock back
// when its process ends, however it ends. Two objects exclude each other within one process too.
// Where a file system knows no locks, there is none.
class FolderLock {
 public:
  static constexpr const char* kName = "lock";

  // folder must exist. Throws Error WF_WRITE_FAILED at once, with the number of the process that is
  // at work there if there is one; purpose: what goes on in the folder, for that text.
  FolderLock(const std::string& folder, const std::string& purpose);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  bool names_our_file() const;
  [[noreturn]] void refuse(const std::string& folder, const std::string& purpose);

  std::string path_;
  int descriptor_ = -1;
};

}  // namespace workflow::files

#endif  // WORKFLOW_FILES_FOLDER_LOCK_HPP
