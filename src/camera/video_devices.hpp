// The video devices of this computer, as Linux (V4L2) knows them.
#ifndef WORKFLOW_CAMERA_VIDEO_DEVICES_HPP
#define WORKFLOW_CAMERA_VIDEO_DEVICES_HPP

#include <string>
#include <vector>

namespace workflow::camera {

struct VideoDevice {
  std::string path;       // "/dev/video0"
  std::string name;       // as the driver says
  bool captures = false;  // a camera
  bool shows = false;     // takes pictures, as v4l2loopback does
  std::string trouble;    // why it cannot be asked; empty: it was
};

// Every /dev/videoN, in order of N. folder: stands for /dev.
std::vector<VideoDevice> list_video_devices(const std::string& folder = "/dev");

// The list as text, a line each; where there is none, what to do.
std::string describe_video_devices(const std::string& folder = "/dev");

// With what each camera offers below it, see describe_camera_modes.
std::string describe_video_devices_in_full(const std::string& folder = "/dev");

}  // namespace workflow::camera

#endif  // WORKFLOW_CAMERA_VIDEO_DEVICES_HPP
