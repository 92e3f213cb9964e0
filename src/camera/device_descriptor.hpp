// An open video device (V4L2).
#ifndef WORKFLOW_CAMERA_DEVICE_DESCRIPTOR_HPP
#define WORKFLOW_CAMERA_DEVICE_DESCRIPTOR_HPP

#include <fcntl.h>
#include <linux/videodev2.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>
#include <string>

namespace workflow::camera {

// Closes it at the end.
class DeviceDescriptor {
 public:
  explicit DeviceDescriptor(const std::string& device, int more_flags = 0)
      : descriptor_(::open(device.c_str(), O_RDWR | O_CLOEXEC | more_flags)),
        trouble_(valid() ? "" : std::strerror(errno)) {}
  ~DeviceDescriptor() {
    if (valid()) ::close(descriptor_);
  }
  DeviceDescriptor(const DeviceDescriptor&) = delete;
  DeviceDescriptor& operator=(const DeviceDescriptor&) = delete;

  bool valid() const { return descriptor_ >= 0; }
  int get() const { return descriptor_; }
  const std::string& trouble() const { return trouble_; }  // why it could not be opened

 private:
  int descriptor_;
  std::string trouble_;
};

// What a device says of itself; nothing where it is no video device.
inline std::optional<v4l2_capability> ask_capability(const DeviceDescriptor& device) {
  v4l2_capability capability = {};
  if (!device.valid() || ::ioctl(device.get(), VIDIOC_QUERYCAP, &capability) < 0) {
    return std::nullopt;
  }
  return capability;
}

// V4L2_CAP_...: of this one node, where a driver has several of different kinds.
inline std::uint32_t abilities(const v4l2_capability& capability) {
  return (capability.capabilities & V4L2_CAP_DEVICE_CAPS) != 0 ? capability.device_caps
                                                               : capability.capabilities;
}

}  // namespace workflow::camera

#endif  // WORKFLOW_CAMERA_DEVICE_DESCRIPTOR_HPP
