// The one exception type of the host side.
#ifndef WORKFLOW_ERROR_HPP
#define WORKFLOW_ERROR_HPP

#include <stdexcept>
#include <string>

#include "workflow/export.hpp"
#include "workflow/plugin_abi.h"

namespace workflow {

// Thrown by everything in namespace workflow. what() is one line of UTF-8 that says what was
// wanted, what was found and what to do; code() is one of WF_* (never WF_OK).
class WORKFLOW_API Error : public std::runtime_error {
 public:
  Error(wf_status code, const std::string& text) : std::runtime_error(text), code_(code) {}
  wf_status code() const noexcept { return code_; }

 private:
  wf_status code_;
};

}  // namespace workflow

#endif  // WORKFLOW_ERROR_HPP
