// The element backgroundmatting: a video, a plate and optionally a new background in, RGBA out.
#ifndef MATTING_HOSTS_GSTREAMER_ELEMENT_HPP
#define MATTING_HOSTS_GSTREAMER_ELEMENT_HPP

#include <glib-object.h>

// Pads: sink (always there; its frames decide the size and the rate of the output), plate and
// background (on request; live or still: what has ended keeps its last frame). The base class
// brings every format to RGBA. Properties are those of properties.hpp.
GType matting_element_get_type();

#endif  // MATTING_HOSTS_GSTREAMER_ELEMENT_HPP
