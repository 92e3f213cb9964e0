#include "camera/camera_modes.hpp"

#include <algorithm>
#include <iomanip>
#include <sstream>

#include "camera/device_descriptor.hpp"

namespace workflow::camera {
namespace {

// FFmpeg's names (libavdevice/v4l2-common.c) of what cameras usually send.
struct Format {
  std::uint32_t fourcc;
  const char* name;
};
constexpr Format kFormats[] = {
    {V4L2_PIX_FMT_MJPEG, "mjpeg"},    {V4L2_PIX_FMT_JPEG, "mjpeg"},
    {V4L2_PIX_FMT_H264, "h264"},      {V4L2_PIX_FMT_YUYV, "yuyv422"},
    {V4L2_PIX_FMT_UYVY, "uyvy422"},   {V4L2_PIX_FMT_NV12, "nv12"},
    {V4L2_PIX_FMT_YUV420, "yuv420p"}, {V4L2_PIX_FMT_YUV422P, "yuv422p"},
    {V4L2_PIX_FMT_RGB24, "rgb24"},    {V4L2_PIX_FMT_BGR24, "bgr24"},
    {V4L2_PIX_FMT_BGR32, "bgr0"},     {V4L2_PIX_FMT_GREY, "gray"},
};

constexpr std::uint32_t kMostEntries = 256;  // should a driver's list not end

const char* name_of(std::uint32_t fourcc) {
  const auto* found = std::find_if(std::begin(kFormats), std::end(kFormats),
                                   [&](const Format& format) { return format.fourcc == fourcc; });
  return found == std::end(kFormats) ? nullptr : found->name;
}

// visit(entry) for each of a list that the driver gives one by one.
template <typename Entry, typename Visit>
void for_each(int descriptor, unsigned long request, Entry entry, const Visit& visit) {
  for (entry.index = 0; entry.index < kMostEntries; ++entry.index) {
    if (::ioctl(descriptor, request, &entry) < 0) return;
    visit(entry);
  }
}

// Of that size; 0 where the driver does not say.
double most_frames_per_second(int descriptor, std::uint32_t fourcc, std::uint32_t width,
                              std::uint32_t height) {
  double most = 0;
  v4l2_frmivalenum interval = {};
  interval.pixel_format = fourcc;
  interval.width = width;
  interval.height = height;
  for_each(descriptor, VIDIOC_ENUM_FRAMEINTERVALS, interval, [&](const v4l2_frmivalenum& found) {
    const v4l2_fract& least =
        found.type == V4L2_FRMIVAL_TYPE_DISCRETE ? found.discrete : found.stepwise.min;
    if (least.numerator == 0) return;
    most = std::max(most, static_cast<double>(least.denominator) / least.numerator);
  });
  return most;
}

std::string describe_size(int descriptor, std::uint32_t fourcc, std::uint32_t width,
                          std::uint32_t height) {
  std::ostringstream text;
  text << width << "x" << height;
  const double rate = most_frames_per_second(descriptor, fourcc, width, height);
  if (rate > 0) text << " (" << std::setprecision(3) << rate << ")";
  return text.str();
}

std::string describe_sizes(int descriptor, std::uint32_t fourcc) {
  std::string text;
  v4l2_frmsizeenum size = {};
  size.pixel_format = fourcc;
  for_each(descriptor, VIDIOC_ENUM_FRAMESIZES, size, [&](const v4l2_frmsizeenum& found) {
    text += text.empty() ? "" : ", ";
    if (found.type == V4L2_FRMSIZE_TYPE_DISCRETE) {
      text += describe_size(descriptor, fourcc, found.discrete.width, found.discrete.height);
    } else if (found.index == 0) {
      const v4l2_frmsize_stepwise& range = found.stepwise;
      text += describe_size(descriptor, fourcc, range.min_width, range.min_height) + " to " +
              describe_size(descriptor, fourcc, range.max_width, range.max_height);
    }
  });
  return text.empty() ? "any size" : text;
}

}  // namespace

std::string describe_camera_modes(const std::string& device) {
  const DeviceDescriptor descriptor(device);
  std::string text;
  v4l2_fmtdesc format = {};
  format.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
  for_each(descriptor.get(), VIDIOC_ENUM_FMT, format, [&](const v4l2_fmtdesc& found) {
    const char* const name = name_of(found.pixelformat);
    if (name == nullptr) return;
    text += (text.empty() ? "" : "\n") + std::string(name) + ": " +
            describe_sizes(descriptor.get(), found.pixelformat);
  });
  return text;
}

}  // namespace workflow::camera
