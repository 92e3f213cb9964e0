#include "hosts/gstreamer/negotiation.hpp"

namespace matting::hosts {

bool is_known(const GstVideoInfo& info) {
  return info.finfo != nullptr && GST_VIDEO_INFO_FORMAT(&info) != GST_VIDEO_FORMAT_UNKNOWN;
}

GstCaps* of_size(const GstCaps* caps, const GstVideoInfo& video) {
  GstCaps* const size = gst_caps_new_simple("video/x-raw", "width", G_TYPE_INT, video.width,
                                            "height", G_TYPE_INT, video.height, nullptr);
  GstCaps* const common = gst_caps_intersect(const_cast<GstCaps*>(caps), size);  // only reads
  gst_caps_unref(size);
  return common;
}

GstCaps* fixate_to(const GstVideoInfo& video, GstCaps* caps) {
  const bool has_rate = video.fps_n > 0 && video.fps_d > 0;
  GstCaps* const fixed = gst_caps_make_writable(caps);
  GstStructure* const structure = gst_caps_get_structure(fixed, 0);
  gst_structure_fixate_field_nearest_fraction(structure, "framerate", has_rate ? video.fps_n : 25,
                                              has_rate ? video.fps_d : 1);
  if (gst_structure_has_field(structure, "pixel-aspect-ratio")) {
    gst_structure_fixate_field_nearest_fraction(structure, "pixel-aspect-ratio", video.par_n,
                                                video.par_d);
  } else {
    gst_structure_set(structure, "pixel-aspect-ratio", GST_TYPE_FRACTION, video.par_n, video.par_d,
                      nullptr);
  }
  return gst_caps_fixate(fixed);
}

}  // namespace matting::hosts
