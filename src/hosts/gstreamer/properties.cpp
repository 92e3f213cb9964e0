#include "hosts/gstreamer/properties.hpp"

#include <gst/gst.h>

#include <algorithm>
#include <string>

#include "hosts/session/settings.hpp"

namespace matting::hosts {
namespace {

std::string property_name(const std::string& key) {
  if (key == "plate") return "plate-location";
  std::string name = key;
  std::replace(name.begin(), name.end(), '_', '-');
  return name;
}

}  // namespace

void install_properties(GObjectClass* object_class) {
  guint number = 0;
  for (const ParameterInfo& row : setting_table()) {
    const std::string name = property_name(row.key);
    const std::string description = std::string(row.help) + " (" + row.allowed + ")";
    const auto flags = static_cast<GParamFlags>(G_PARAM_READWRITE | GST_PARAM_MUTABLE_PLAYING);
    g_object_class_install_property(
        object_class, ++number,
        g_param_spec_string(name.c_str(), name.c_str(), description.c_str(), row.default_value,
                            flags));
  }
}

const char* key_of_property(guint number) {
  const auto& rows = setting_table();
  return number >= 1 && number <= rows.size() ? rows[number - 1].key : nullptr;
}

}  // namespace matting::hosts
