#include "camera/video_devices.hpp"

#include <fcntl.h>
#include <linux/videodev2.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

namespace workflow::camera {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPrefix = "video";

// Number of "videoN"; -1 for other names.
int number_of(const std::string& name) {
  const std::string digits = name.substr(std::min(name.size(), std::strlen(kPrefix)));
  if (name.rfind(kPrefix, 0) != 0 || digits.empty() || digits.size() > 6 ||
      digits.find_first_not_of("0123456789") != std::string::npos) {
    return -1;
  }
  return std::stoi(digits);
}

VideoDevice ask(const std::string& path) {
  VideoDevice device;
  device.path = path;
  const int descriptor = ::open(path.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
  v4l2_capability capability = {};
  if (descriptor < 0 || ::ioctl(descriptor, VIDIOC_QUERYCAP, &capability) < 0) {
    device.trouble = std::strerror(errno);
  } else {
    device.name = reinterpret_cast<const char*>(capability.card);
    const std::uint32_t can = (capability.capabilities & V4L2_CAP_DEVICE_CAPS) != 0
                                  ? capability.device_caps
                                  : capability.capabilities;
    device.captures = (can & V4L2_CAP_VIDEO_CAPTURE) != 0;
    device.shows = (can & V4L2_CAP_VIDEO_OUTPUT) != 0;
  }
  if (descriptor >= 0) ::close(descriptor);
  return device;
}

std::string line_of(const VideoDevice& device) {
  if (!device.trouble.empty()) return device.path + ": cannot be asked: " + device.trouble;
  std::string what = device.captures ? "camera" : "";
  if (device.shows) what += what.empty() ? "virtual camera to write to" : ", can be written to";
  return device.path + ": " + device.name + " (" + (what.empty() ? "no video" : what) + ")";
}

}  // namespace

std::vector<VideoDevice> list_video_devices(const std::string& folder) {
  std::vector<std::pair<int, std::string>> found;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    const int number = number_of(entry.path().filename().string());
    if (number >= 0) found.emplace_back(number, entry.path().string());
  }
  std::sort(found.begin(), found.end());
  std::vector<VideoDevice> devices;
  for (const auto& [number, path] : found) devices.push_back(ask(path));
  return devices;
}

std::string describe_video_devices(const std::string& folder) {
  std::string text;
  for (const VideoDevice& device : list_video_devices(folder)) {
    text += (text.empty() ? "" : "\n") + line_of(device);
  }
  if (!text.empty()) return text;
  return "no " + folder +
         "/video* is here: connect a camera, in a container hand it in (docker run --device "
         "/dev/video0), for a virtual camera: modprobe v4l2loopback";
}

}  // namespace workflow::camera
