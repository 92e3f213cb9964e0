// The element's properties: the rows of setting_table(), all of them text.
#ifndef MATTING_HOSTS_GSTREAMER_PROPERTIES_HPP
#define MATTING_HOSTS_GSTREAMER_PROPERTIES_HPP

#include <glib-object.h>

namespace matting::hosts {

// One property for each row, numbered from 1. Names are the keys with dashes, as GObject writes
// them; only `plate` is called plate-location, since there is a pad of that name.
void install_properties(GObjectClass* object_class);

// The key in setting_table() of a property's number; null if there is no such property.
const char* key_of_property(guint number);

}  // namespace matting::hosts

#endif  // MATTING_HOSTS_GSTREAMER_PROPERTIES_HPP
