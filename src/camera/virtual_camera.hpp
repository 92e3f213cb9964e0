// A device that other programs read as a camera: v4l2loopback.
#ifndef WORKFLOW_CAMERA_VIRTUAL_CAMERA_HPP
#define WORKFLOW_CAMERA_VIRTUAL_CAMERA_HPP

#include <memory>
#include <string>

#include "workflow/image.hpp"

namespace workflow::camera {

// One thread at a time.
class VirtualCamera {
 public:
  // Opens device ("/dev/video10") for pictures of this size (pixels, even). Throws Error:
  // WF_WRITE_FAILED, with the devices that there are, when it cannot be opened or takes no
  // pictures; WF_NOT_SUPPORTED when it refuses the size.
  VirtualCamera(const std::string& device, std::uint32_t width, std::uint32_t height);
  ~VirtualCamera();
  VirtualCamera(const VirtualCamera&) = delete;
  VirtualCamera& operator=(const VirtualCamera&) = delete;

  // A picture of that size, 8 bit, without alpha: shown until the next one. Throws Error
  // WF_WRITE_FAILED.
  void write(const Image& picture);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace workflow::camera

#endif  // WORKFLOW_CAMERA_VIRTUAL_CAMERA_HPP
