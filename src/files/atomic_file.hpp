// Files that are either complete or not there.
#ifndef WORKFLOW_FILES_ATOMIC_FILE_HPP
#define WORKFLOW_FILES_ATOMIC_FILE_HPP

#include <cstddef>
#include <string>

namespace workflow::files {

// A file that gets its name only when all of it stands on the disk: bytes go to a temporary name in
// the same folder, commit() flushes them (fsync) and renames. Without commit() the destructor
// removes the temporary file and what stood under the name before stays as it was. One thread at a
// time. Functions throw Error WF_WRITE_FAILED that names the path and the system's reason.
class AtomicFile {
 public:
  // Makes the temporary file. path's folder must exist.
  explicit AtomicFile(const std::string& path);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  void write(const void* data, std::size_t size_bytes);

  // Where the bytes are until commit(), for a library that writes files by name. It opens the file
  // that is there; it does not put another in its place.
  const std::string& temporary_path() const noexcept { return temporary_path_; }

  // Waits until the bytes so far stand on the disk.
  void flush();

  // Flushes, then gives the file its name. Call once, last.
  void commit();

 private:
  [[noreturn]] void fail(const std::string& action, int system_error);

  std::string path_;
  std::string temporary_path_;  // empty: nothing to remove
  int descriptor_ = -1;
};

// The whole file in one call.
void write_file(const std::string& path, const void* data, std::size_t size_bytes);
void write_file(const std::string& path, const std::string& text);

// Asks the disk to keep a rename of path across a power cut. File systems that cannot are fine.
void flush_folder_of(const std::string& path) noexcept;

// Makes folder and its parents where they do not exist yet. Throws Error WF_WRITE_FAILED also when
// files cannot be made in it, so that a caller learns of it before the work and not after.
void make_writable_folder(const std::string& folder);

}  // namespace workflow::files

#endif  // WORKFLOW_FILES_ATOMIC_FILE_HPP
