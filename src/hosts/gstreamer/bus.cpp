#include "hosts/gstreamer/bus.hpp"

namespace matting::hosts {

void post_error(GstElement* element, const Error& error) {
  const char* const text = error.what();
  switch (error.code()) {
    case ErrorCode::kReadFailed:
    case ErrorCode::kModelNotFound:
      GST_ELEMENT_ERROR(element, RESOURCE, NOT_FOUND, ("%s", text), (nullptr));
      break;
    case ErrorCode::kUnknownParameter:
    case ErrorCode::kBadParameterValue:
      GST_ELEMENT_ERROR(element, LIBRARY, SETTINGS, ("%s", text), (nullptr));
      break;
    case ErrorCode::kNotSupported:
      GST_ELEMENT_ERROR(element, STREAM, FORMAT, ("%s", text), (nullptr));
      break;
    default:
      GST_ELEMENT_ERROR(element, STREAM, FAILED, ("%s", text), (nullptr));
      break;
  }
}

}  // namespace matting::hosts
