// Bytes from http and https addresses, within limits.
#ifndef WORKFLOW_FETCH_FETCH_HPP
#define WORKFLOW_FETCH_FETCH_HPP

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace workflow::fetch {

// What one transfer may cost. Enforced while it runs: the size whatever the server announces.
struct Limits {
  std::uint64_t bytes = std::uint64_t{256} << 20;
  int seconds = 60;    // for the whole transfer, connecting included
  int redirects = 5;   // each to http or https only
};

// True for text that begins with a scheme and "://", whatever the scheme.
bool is_url(const std::string& text) noexcept;

// Throws Error WF_READ_FAILED unless url is an http or https address.
void check_url(const std::string& url);

// The body that url answers with. Any thread. Throws Error: WF_READ_FAILED (scheme, refused, status
// other than 200, redirects, broken off), WF_TOO_LARGE (bytes or seconds). Texts name url, what was
// wanted and what was found.
std::vector<std::uint8_t> fetch_bytes(const std::string& url, const Limits& limits = {});

struct DownloadOptions {
  Limits limits = {std::uint64_t{4} << 30, 3600, 5};
  std::string sha256;  // 64 lower-case hexadecimal digits; empty: not checked
  // Bytes so far and in all (0: not known), on the calling thread.
  std::function<void(std::uint64_t bytes, std::uint64_t total_bytes)> progress;
  const std::atomic<bool>* cancelled = nullptr;  // set from anywhere: stops with WF_CANCELLED
};

// Brings url to the file path. Bytes go to path + ".part"; such a file of an earlier try that broke
// off is gone on with (HTTP range). Only complete and, if wanted, with the right SHA-256 it gets
// its name; with a wrong one the part is removed. Throws Error as fetch_bytes does, WF_WRITE_FAILED,
// WF_CANCELLED; a part that is worth keeping stays then.
void download_file(const std::string& url, const std::string& path,
                   const DownloadOptions& options = {});

}  // namespace workflow::fetch

#endif  // WORKFLOW_FETCH_FETCH_HPP
