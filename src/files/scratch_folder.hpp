// A folder for work that may come to nothing.
#ifndef WORKFLOW_FILES_SCRATCH_FOLDER_HPP
#define WORKFLOW_FILES_SCRATCH_FOLDER_HPP

#include <string>

namespace workflow::files {

// A new folder that no one else has; it goes with this object, and all that is in it, unless
// become() gave it a name. Functions throw Error WF_WRITE_FAILED.
class ScratchFolder {
 public:
  // Makes "prefix" + a few random letters. The folder that it lies in must exist.
  explicit ScratchFolder(const std::string& prefix);
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  const std::string& path() const noexcept { return path_; }

  // Gives the folder its name in one step; false where a folder stands under it that is not empty.
  bool become(const std::string& path);

 private:
  std::string path_;  // empty: nothing to remove
};

}  // namespace workflow::files

#endif  // WORKFLOW_FILES_SCRATCH_FOLDER_HPP
