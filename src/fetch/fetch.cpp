#include "fetch/fetch.hpp"

#include <algorithm>
#include <cctype>

#include "fetch/transfer.hpp"
#include "workflow/error.hpp"

namespace workflow::fetch {
namespace {

std::string lower_scheme(const std::string& url) {
  std::string scheme = url.substr(0, url.find("://"));
  std::transform(scheme.begin(), scheme.end(), scheme.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return scheme;
}

}  // namespace

bool is_url(const std::string& text) noexcept {
  const std::size_t colon = text.find("://");
  if (colon == std::string::npos || colon == 0) return false;
  const auto in_scheme = [](unsigned char c) {
    return std::isalnum(c) || c == '+' || c == '-' || c == '.';
  };
  return std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(colon), in_scheme);
}

void check_url(const std::string& url) {
  const std::string scheme = is_url(url) ? lower_scheme(url) : "";
  if (scheme == "http" || scheme == "https") return;
  throw Error(WF_READ_FAILED, "cannot fetch " + url + ": wanted an http or https address" +
                                  (scheme.empty() ? "" : ", found " + scheme));
}

std::vector<std::uint8_t> fetch_bytes(const std::string& url, const Limits& limits) {
  std::vector<std::uint8_t> body;
  TransferRequest request;
  request.url = url;
  request.limits = limits;
  request.begin = [](bool) {};
  request.write = [&body](const void* data, std::size_t size_bytes) {
    const auto* bytes = static_cast<const std::uint8_t*>(data);
    body.insert(body.end(), bytes, bytes + size_bytes);
  };
  transfer(request);
  return body;
}

}  // namespace workflow::fetch
