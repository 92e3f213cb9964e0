// The one exception type of the library.
#ifndef INFER_BACKGROUND_MATTING_ERROR_HPP
#define INFER_BACKGROUND_MATTING_ERROR_HPP

#include <stdexcept>
#include <string>

#include "infer_background_matting/export.hpp"

namespace matting {

// Numbers are those of WF_* in workflow/plugin_abi.h (checked by the compiler in src/plugin) and
// are never reused.
enum class ErrorCode : int {
  kInvalidArgument = 1,
  kUnknownParameter = 2,
  kBadParameterValue = 3,
  kMissingInput = 4,
  kBadImage = 5,
  kTooLarge = 6,
  kModelNotFound = 7,
  kModelInvalid = 8,
  kDeviceUnavailable = 9,
  kNotSupported = 10,
  kOutOfMemory = 11,
  kCancelled = 12,
  kReadFailed = 13,
  kWriteFailed = 14,
  kInternal = 19,
};

// Thrown by everything in namespace matting. what() is one line of UTF-8 that says what was wanted,
// what was found and what to do.
class MATTING_API Error : public std::runtime_error {
 public:
  Error(ErrorCode code, const std::string& text);
  Error(const Error&) = default;
  ~Error() override;
  ErrorCode code() const noexcept { return code_; }

 private:
  ErrorCode code_;
};

}  // namespace matting

#endif  // INFER_BACKGROUND_MATTING_ERROR_HPP
