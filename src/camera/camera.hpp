// A camera, read by FFmpeg's libavdevice.
#ifndef WORKFLOW_CAMERA_CAMERA_HPP
#define WORKFLOW_CAMERA_CAMERA_HPP

#include <memory>
#include <string>

#include "video/live_source.hpp"

namespace workflow::camera {

// What is left at its default is the driver's choice.
struct CameraRequest {
  // "/dev/video0"; or "lavfi:GRAPH": a filter graph of FFmpeg that stands for a camera, such as
  // "lavfi:movie=clip.mp4,realtime".
  std::string device;
  int width = 0, height = 0;     // pixels
  double frames_per_second = 0;  // a graph has its own: this tells it
  std::string pixel_format;      // FFmpeg's name: "mjpeg", "yuyv422", ...
};

// Opens the camera and starts it. Throws Error: WF_READ_FAILED, with the devices that there are,
// when it cannot be opened; WF_NOT_SUPPORTED when there is no decoder for what it sends.
std::unique_ptr<video::LiveSource> open_camera(const CameraRequest& request);

}  // namespace workflow::camera

#endif  // WORKFLOW_CAMERA_CAMERA_HPP
