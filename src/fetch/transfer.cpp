#include "fetch/transfer.hpp"

#include <curl/curl.h>

#include <exception>
#include <memory>
#include <string>

#include "workflow/error.hpp"

namespace workflow::fetch {
namespace {

constexpr long kConnectSeconds = 15;
// Slower than this for so long counts as dead.
constexpr long kLowSpeedBytesPerSecond = 100;
constexpr long kLowSpeedSeconds = 20;

constexpr long kPartialContent = 206, kOk = 200, kRangeNotSatisfiable = 416;

struct Session {
  const TransferRequest& request;
  std::unique_ptr<CURL, void (*)(CURL*)> curl{curl_easy_init(), curl_easy_cleanup};
  char reason[CURL_ERROR_SIZE] = "";
  bool begun = false;
  bool too_large = false;
  std::uint64_t received = 0;  // of the whole body, what was there before included
  std::exception_ptr failure;  // of a callback: libcurl is C, nothing may fly through it

  explicit Session(const TransferRequest& wanted) : request(wanted) {}
};

long status_of(CURL* curl) {
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  return status;
}

// A 206 whose range begins elsewhere than asked would be pasted at the wrong place.
bool goes_on_at(CURL* curl, std::uint64_t first_byte) {
  curl_header* header = nullptr;
  if (curl_easy_header(curl, "Content-Range", 0, CURLH_HEADER, -1, &header) != CURLHE_OK) {
    return false;
  }
  const std::string wanted = "bytes " + std::to_string(first_byte) + "-";
  return std::string(header->value).compare(0, wanted.size(), wanted) == 0;
}

bool begin_body(Session& session) {
  session.begun = true;
  const long status = status_of(session.curl.get());
  const std::uint64_t first_byte = session.request.first_byte;
  const bool resumed = status == kPartialContent && first_byte > 0;
  if (status != kOk && !resumed) return false;
  if (resumed && !goes_on_at(session.curl.get(), first_byte)) return false;
  session.received = resumed ? first_byte : 0;
  session.request.begin(resumed);
  return true;
}

std::size_t on_bytes(char* data, std::size_t, std::size_t size, void* user) {
  Session& session = *static_cast<Session*>(user);
  try {
    if (!session.begun && !begin_body(session)) return 0;
    session.received += size;
    session.too_large = session.received > session.request.limits.bytes;
    if (session.too_large) return 0;
    session.request.write(data, size);
    return size;
  } catch (...) {
    session.failure = std::current_exception();
    return 0;
  }
}

int on_progress(void* user, curl_off_t total, curl_off_t now, curl_off_t, curl_off_t) {
  Session& session = *static_cast<Session*>(user);
  try {
    if (session.request.cancelled && session.request.cancelled()) return 1;
    if (session.request.progress && session.begun) {
      session.request.progress(static_cast<std::uint64_t>(now), static_cast<std::uint64_t>(total));
    }
    return 0;
  } catch (...) {
    session.failure = std::current_exception();
    return 1;
  }
}

void set_options(Session& session) {
  CURL* curl = session.curl.get();
  const TransferRequest& request = session.request;
  curl_easy_setopt(curl, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
  curl_easy_setopt(curl, CURLOPT_MAXREDIRS, static_cast<long>(request.limits.redirects));
  curl_easy_setopt(curl, CURLOPT_FAILONERROR, 1L);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_USERAGENT, "matting");
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, session.reason);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, static_cast<long>(request.limits.seconds));
  curl_easy_setopt(curl, CURLOPT_MAXFILESIZE_LARGE,
                   static_cast<curl_off_t>(request.limits.bytes));
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, kLowSpeedBytesPerSecond);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, kLowSpeedSeconds);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_bytes);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &session);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &session);
}

[[noreturn]] void fail(const Session& session, wf_status code, const std::string& reason) {
  throw Error(code, "cannot fetch " + session.request.url + ": " + reason);
}

[[noreturn]] void explain(const Session& session, CURLcode code) {
  const Limits& limits = session.request.limits;
  if (session.failure) std::rethrow_exception(session.failure);
  if (session.too_large || code == CURLE_FILESIZE_EXCEEDED) {
    fail(session, WF_TOO_LARGE,
         "it is larger than the limit of " + std::to_string(limits.bytes) + " bytes");
  }
  switch (code) {
    case CURLE_ABORTED_BY_CALLBACK:
      fail(session, WF_CANCELLED, "cancelled");
    case CURLE_OPERATION_TIMEDOUT:
      fail(session, WF_TOO_LARGE,
           "it took too long (limit " + std::to_string(limits.seconds) + " s): " + session.reason);
    case CURLE_TOO_MANY_REDIRECTS:
      fail(session, WF_READ_FAILED,
           "it redirects more than " + std::to_string(limits.redirects) + " times");
    case CURLE_UNSUPPORTED_PROTOCOL:
      fail(session, WF_READ_FAILED,
           std::string("it leads to an address that is not http or https: ") + session.reason);
    case CURLE_PARTIAL_FILE:
      fail(session, WF_READ_FAILED,
           "the server broke off after " + std::to_string(session.received) +
               " bytes; try again");
    case CURLE_HTTP_RETURNED_ERROR:
    case CURLE_WRITE_ERROR:
      fail(session, WF_READ_FAILED,
           "the server answers with status " + std::to_string(status_of(session.curl.get())) +
               ": wanted 200; check the address");
    default:
      fail(session, WF_READ_FAILED,
           session.reason[0] != '\0' ? session.reason : curl_easy_strerror(code));
  }
}

}  // namespace

bool transfer(const TransferRequest& request) {
  static const CURLcode initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
  check_url(request.url);
  Session session(request);
  if (initialised != CURLE_OK || !session.curl) throw Error(WF_INTERNAL, "libcurl does not start");
  set_options(session);
  const std::string range = std::to_string(request.first_byte) + "-";
  if (request.first_byte > 0) curl_easy_setopt(session.curl.get(), CURLOPT_RANGE, range.c_str());

  const CURLcode code = curl_easy_perform(session.curl.get());
  if (code == CURLE_HTTP_RETURNED_ERROR && request.first_byte > 0 &&
      status_of(session.curl.get()) == kRangeNotSatisfiable) {
    return false;
  }
  if (code != CURLE_OK) explain(session, code);
  // An answer without a body (200 with length 0, or 204) never came to on_bytes.
  if (!session.begun && !begin_body(session)) explain(session, CURLE_WRITE_ERROR);
  return true;
}

}  // namespace workflow::fetch
