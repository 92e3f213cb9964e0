// Colour times alpha.
#ifndef WORKFLOW_VIDEO_PREMULTIPLY_HPP
#define WORKFLOW_VIDEO_PREMULTIPLY_HPP

#include "workflow/image.hpp"

namespace workflow::video {

// src with its colour times its alpha, rounded, in the values as they are stored (not in linear
// light). src: RGBA or BGRA; dst becomes an image like it, reused where it is one already.
void premultiply(const wf_image& src, Image& dst);

}  // namespace workflow::video

#endif  // WORKFLOW_VIDEO_PREMULTIPLY_HPP
