#include "files/file_group.hpp"

namespace workflow::files {

void FileGroup::add(const std::string& path, const void* data, std::size_t size_bytes) {
  files_.emplace_back(path).write(data, size_bytes);
}

void FileGroup::add(const std::string& path, const std::string& text) {
  add(path, text.data(), text.size());
}

void FileGroup::commit() {
  // What can fail, the flushing, comes for all files before the first rename.
  for (AtomicFile& file : files_) file.flush();
  for (AtomicFile& file : files_) file.commit();
}

}  // namespace workflow::files
