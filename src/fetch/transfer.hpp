// One HTTP transfer: libcurl's options, callbacks and codes are known here only.
#ifndef WORKFLOW_FETCH_TRANSFER_HPP
#define WORKFLOW_FETCH_TRANSFER_HPP

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "fetch/fetch.hpp"

namespace workflow::fetch {

struct TransferRequest {
  std::string url;
  Limits limits;                   // limits.bytes counts the bytes from first_byte 0
  std::uint64_t first_byte = 0;    // > 0: ask for the rest only (RFC 9110, section 14)

  // Called once before the first byte of a good answer. resumed: the server goes on at first_byte
  // as asked; false: what follows is the whole body.
  std::function<void(bool resumed)> begin;
  std::function<void(const void* data, std::size_t size_bytes)> write;
  // Bytes of this answer so far and in all (0: not known).
  std::function<void(std::uint64_t bytes, std::uint64_t total_bytes)> progress;  // may be empty
  std::function<bool()> cancelled;                                               // may be empty
};

// Runs it on this thread. True: done. False: the server has nothing from first_byte on (status 416).
// Throws Error as fetch_bytes and download_file say; what a callback throws goes through.
bool transfer(const TransferRequest& request);

}  // namespace workflow::fetch

#endif  // WORKFLOW_FETCH_TRANSFER_HPP
