// What a camera can be asked for, as its driver (V4L2) says.
#ifndef WORKFLOW_CAMERA_CAMERA_MODES_HPP
#define WORKFLOW_CAMERA_CAMERA_MODES_HPP

#include <string>

namespace workflow::camera {

// A line for each pixel format that FFmpeg reads, by FFmpeg's name, with its sizes and the most
// frames a second of each: "yuyv422: 640x480 (30), 1280x720 (10)". Empty where the device is no
// camera or cannot be asked.
std::string describe_camera_modes(const std::string& device);

}  // namespace workflow::camera

#endif  // WORKFLOW_CAMERA_CAMERA_MODES_HPP
