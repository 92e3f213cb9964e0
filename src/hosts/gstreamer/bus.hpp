// Errors as GStreamer says them: messages on the bus.
#ifndef MATTING_HOSTS_GSTREAMER_BUS_HPP
#define MATTING_HOSTS_GSTREAMER_BUS_HPP

#include <gst/gst.h>

#include <exception>

#include "infer_background_matting/error.hpp"

namespace matting::hosts {

// Posts the error's text in the name of element. Any thread.
void post_error(GstElement* element, const Error& error);

// Runs body; false, and a message on the bus, if it throws.
template <typename Body>
bool succeeds(GstElement* element, Body body) {
  try {
    body();
    return true;
  } catch (const Error& error) {
    post_error(element, error);
  } catch (const std::exception& error) {
    post_error(element, Error(ErrorCode::kInternal, error.what()));
  }
  return false;
}

}  // namespace matting::hosts

#endif  // MATTING_HOSTS_GSTREAMER_BUS_HPP
