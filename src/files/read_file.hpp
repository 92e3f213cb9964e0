// Whole files into memory.
#ifndef WORKFLOW_FILES_READ_FILE_HPP
#define WORKFLOW_FILES_READ_FILE_HPP

#include <cstdint>
#include <string>
#include <vector>

namespace workflow::files {

// All bytes of a regular file. Throws Error: WF_READ_FAILED when it is missing, a folder, a device
// or not readable, WF_TOO_LARGE beyond limit_bytes (looked at before anything is allocated).
std::vector<std::uint8_t> read_file(const std::string& path, std::uint64_t limit_bytes);

}  // namespace workflow::files

#endif  // WORKFLOW_FILES_READ_FILE_HPP
