// RFC 4648, section 4.
#ifndef WORKFLOW_HOST_BASE64_HPP
#define WORKFLOW_HOST_BASE64_HPP

#include <cstdint>
#include <string>
#include <vector>

namespace workflow {

// With padding, without line breaks.
std::string base64(const std::vector<std::uint8_t>& bytes);

}  // namespace workflow

#endif  // WORKFLOW_HOST_BASE64_HPP
