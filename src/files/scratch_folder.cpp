#include "files/scratch_folder.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "files/atomic_file.hpp"
#include "workflow/error.hpp"

namespace workflow::files {

namespace fs = std::filesystem;

ScratchFolder::ScratchFolder(const std::string& prefix) : path_(prefix + "XXXXXX") {
  if (::mkdtemp(path_.data()) != nullptr) return;
  throw Error(WF_WRITE_FAILED, "cannot make a folder " + prefix + "...: " + std::strerror(errno));
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  if (!path_.empty()) fs::remove_all(path_, ignored);
}

bool ScratchFolder::become(const std::string& path) {
  std::error_code error;
  // mkdtemp's folder is its maker's alone; with its name it is as any other.
  fs::permissions(path_, fs::status(fs::path(path_).parent_path(), error).permissions(), error);
  if (std::rename(path_.c_str(), path.c_str()) == 0) {
    path_.clear();
    flush_folder_of(path);
    return true;
  }
  if (errno == ENOTEMPTY || errno == EEXIST) return false;
  throw Error(WF_WRITE_FAILED, "cannot name " + path + ": " + std::strerror(errno));
}

}  // namespace workflow::files
