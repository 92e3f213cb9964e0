// OpenEXR pictures.
#ifndef WORKFLOW_VIDEO_EXR_FILE_HPP
#define WORKFLOW_VIDEO_EXR_FILE_HPP

#include <string>

#include "video/clip.hpp"
#include "video/output_format.hpp"

namespace workflow::video {

// Writes image as half floats, atomically: colour decoded from sRGB to linear light, as the format
// wants it, grey (a matte) as it is. RGBA is straight and becomes what mode says; the attribute
// "alphaMode" says it too. clip gives aspect and rate. Throws Error WF_WRITE_FAILED, WF_BAD_IMAGE.
void write_exr(const std::string& path, const wf_image& image, AlphaMode mode,
               const ClipInfo& clip);

}  // namespace workflow::video

#endif  // WORKFLOW_VIDEO_EXR_FILE_HPP
