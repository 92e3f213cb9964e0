// What the element offers downstream: RGBA as the video is, whatever plate and background are.
#ifndef MATTING_HOSTS_GSTREAMER_NEGOTIATION_HPP
#define MATTING_HOSTS_GSTREAMER_NEGOTIATION_HPP

#include <gst/video/video.h>

namespace matting::hosts {

// Whether the pad that this is of has caps yet.
bool is_known(const GstVideoInfo& info);

// Those of caps (borrowed) that have video's size; empty where there are none. The caller owns the
// result.
GstCaps* of_size(const GstCaps* caps, const GstVideoInfo& video);

// caps (taken over) with the video's rate and shape of pixels, or what is nearest among them. A
// still picture counts as 25 frames a second. The caller owns the result.
GstCaps* fixate_to(const GstVideoInfo& video, GstCaps* caps);

}  // namespace matting::hosts

#endif  // MATTING_HOSTS_GSTREAMER_NEGOTIATION_HPP
