// What GStreamer looks up when it opens the file.
#include <gst/gst.h>

#include "hosts/gstreamer/element.hpp"
#include "infer_background_matting/version.h"

#define PACKAGE "infer_background_matting"  // GST_PLUGIN_DEFINE takes it from here

static gboolean register_elements(GstPlugin* plugin) {
  return gst_element_register(plugin, "backgroundmatting", GST_RANK_NONE,
                              matting_element_get_type());
}

GST_PLUGIN_DEFINE(GST_VERSION_MAJOR, GST_VERSION_MINOR, infer_background_matting,
                  "Background matting with a clean plate", register_elements,
                  INFER_BACKGROUND_MATTING_VERSION, "MIT", "infer_background_matting",
                  "https://arxiv.org/abs/2012.07810")
