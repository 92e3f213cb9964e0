#include "infer_background_matting/error.hpp"

namespace matting {

Error::Error(ErrorCode code, const std::string& text) : std::runtime_error(text), code_(code) {}

// Here, so that the type has one home and can be caught across shared libraries.
Error::~Error() = default;

}  // namespace matting
