// FFmpeg's libavdevice, loaded when the first camera is opened.
#ifndef WORKFLOW_CAMERA_DEVICE_DRIVERS_HPP
#define WORKFLOW_CAMERA_DEVICE_DRIVERS_HPP

namespace workflow::camera {

// Makes FFmpeg's drivers ("v4l2", "lavfi") known to libavformat; again: does nothing. Loaded now
// and not with the program, because sound and window systems come along, 70 libraries that would
// take 140 ms of every start. Throws Error WF_NOT_SUPPORTED where it is not installed. Any thread.
void register_device_drivers();

}  // namespace workflow::camera

#endif  // WORKFLOW_CAMERA_DEVICE_DRIVERS_HPP
