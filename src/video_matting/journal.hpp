// Which parts of a job are done: what a resumed job believes.
#ifndef VIDEO_MATTING_JOURNAL_HPP
#define VIDEO_MATTING_JOURNAL_HPP

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "files/folder_lock.hpp"
#include "video_matting/planned_output.hpp"

namespace video_matting {

// A folder with parts, which no other journal can have meanwhile, and a journal.jsonl: first a line
// with the job's fingerprint, then one for every part that is complete in all outputs, with the
// hashes of its files. A line is written after its files stand on the disk. record may be called
// from any thread, the rest from one.
class Journal {
 public:
  struct Part {
    std::int64_t frames = 0;
    std::vector<std::string> hashes;  // by output
  };

  // Makes folder, or with resume goes on in it. Throws workflow::Error: WF_INVALID_ARGUMENT when
  // there is nothing to resume or it belongs to another job (other files, parameters or outputs),
  // WF_WRITE_FAILED, also while another job is at work there.
  Journal(const std::string& folder, const std::string& fingerprint,
          const std::vector<PlannedOutput>& outputs, bool resume);

  // Looks, without a change to it, for the complete parts in a folder, as resuming does. Throws as
  // the constructor does.
  static std::vector<Part> find_parts(const std::string& folder, const std::string& fingerprint,
                                      const std::vector<PlannedOutput>& outputs);

  // Where output's part lies in folder.
  static std::string part_path(const std::string& folder, std::size_t output, std::int64_t part);

  // Complete parts from the beginning on, whose files are as they were written.
  const std::vector<Part>& parts() const { return parts_; }
  std::int64_t frames() const;

  std::string part_path(std::size_t output, std::int64_t part) const {
    return part_path(folder_, output, part);
  }

  // Output has written part. Its line appears when all outputs have.
  void record(std::size_t output, std::int64_t part, std::int64_t frames, const std::string& hash);

  // Paths of output's parts 0..count-1.
  std::vector<std::string> paths(std::size_t output, std::int64_t count) const;

  // The job is done: removes the folder.
  void remove();

 private:
  void begin(const std::string& fingerprint);
  void read(const std::string& fingerprint, const std::vector<PlannedOutput>& outputs);
  void remove_other_files() const;
  void append(const Part& part);

  std::string folder_;
  std::optional<workflow::files::FolderLock> lock_;
  std::size_t output_count_;
  std::vector<Part> parts_;
  std::mutex mutex_;
  std::map<std::int64_t, Part> pending_;  // not yet written by all outputs
};

}  // namespace video_matting

#endif  // VIDEO_MATTING_JOURNAL_HPP
