// How a camera's YUV is meant, as its driver (V4L2) says.
#ifndef WORKFLOW_CAMERA_CAMERA_COLOUR_HPP
#define WORKFLOW_CAMERA_CAMERA_COLOUR_HPP

#include <optional>
#include <string>

#include "video/clip.hpp"

namespace workflow::camera {

// Matrix and range of what the device sends as it is set now. Most cameras say sRGB, which is
// BT.601 at every size, where a video file of that size would be taken for BT.709. Nothing where
// the driver does not tell.
std::optional<video::ColourTags> colour_of_camera(const std::string& device);

}  // namespace workflow::camera

#endif  // WORKFLOW_CAMERA_CAMERA_COLOUR_HPP
