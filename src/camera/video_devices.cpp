#include "camera/video_devices.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <sstream>

#include "camera/camera_modes.hpp"
#include "camera/device_descriptor.hpp"

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
  const DeviceDescriptor descriptor(path, O_NONBLOCK);
  if (const auto capability = ask_capability(descriptor)) {
    const std::uint32_t can = abilities(*capability);
    device.name = reinterpret_cast<const char*>(capability->card);
    device.captures = (can & V4L2_CAP_VIDEO_CAPTURE) != 0;
    device.shows = (can & V4L2_CAP_VIDEO_OUTPUT) != 0;
  } else {
    device.trouble = descriptor.valid() ? std::strerror(errno) : descriptor.trouble();
  }
  return device;
}

std::string line_of(const VideoDevice& device) {
  if (!device.trouble.empty()) return device.path + ": cannot be asked: " + device.trouble;
  std::string what = device.captures ? "camera" : "";
  if (device.shows) what += what.empty() ? "virtual camera to write to" : ", can be written to";
  return device.path + ": " + device.name + " (" + (what.empty() ? "no video" : what) + ")";
}

std::string describe(const std::string& folder, bool with_modes) {
  std::string text;
  for (const VideoDevice& device : list_video_devices(folder)) {
    text += (text.empty() ? "" : "\n") + line_of(device);
    if (!with_modes || !device.captures) continue;
    std::istringstream modes(describe_camera_modes(device.path));
    for (std::string mode; std::getline(modes, mode);) text += "\n  " + mode;
  }
  if (!text.empty()) return text;
  return "no " + folder +
         "/video* is here: connect a camera, in a container hand it in (docker run --device "
         "/dev/video0), for a virtual camera: modprobe v4l2loopback";
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
  return describe(folder, false);
}

std::string describe_video_devices_in_full(const std::string& folder) {
  return describe(folder, true);
}

}  // namespace workflow::camera
