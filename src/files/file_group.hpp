// Several files that appear together.
#ifndef WORKFLOW_FILES_FILE_GROUP_HPP
#define WORKFLOW_FILES_FILE_GROUP_HPP

#include <cstddef>
#include <list>
#include <string>

#include "files/atomic_file.hpp"

namespace workflow::files {

// Files whose bytes all stand on the disk before the first of them gets its name: a full disk or a
// cancelled run leaves none of them. (A power cut between two renames can still part them.) Without
// commit() nothing remains. Functions throw as AtomicFile does.
class FileGroup {
 public:
  void add(const std::string& path, const void* data, std::size_t size_bytes);
  void add(const std::string& path, const std::string& text);

  // Names all files. Call once, last.
  void commit();

 private:
  std::list<AtomicFile> files_;
};

}  // namespace workflow::files

#endif  // WORKFLOW_FILES_FILE_GROUP_HPP
