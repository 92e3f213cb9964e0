#include "camera/virtual_camera.hpp"

extern "C" {
#include <libavutil/imgutils.h>
}

#include <cerrno>
#include <cstring>
#include <vector>

#include "camera/device_descriptor.hpp"
#include "camera/video_devices.hpp"
#include "video/libav.hpp"
#include "video/pixel_conversion.hpp"

namespace workflow::camera {
namespace {

// What every program that reads cameras takes.
constexpr AVPixelFormat kPixels = AV_PIX_FMT_YUV420P;
constexpr std::uint32_t kFourCc = V4L2_PIX_FMT_YUV420;
const video::ColourTags kColour = {false, AVCOL_SPC_SMPTE170M, AVCOL_PRI_UNSPECIFIED,
                                   AVCOL_TRC_UNSPECIFIED};

[[noreturn]] void cannot_open(const std::string& device, const std::string& reason) {
  throw Error(WF_WRITE_FAILED, "cannot show on " + device + ": " + reason +
                                   "; wanted a virtual camera (modprobe v4l2loopback); video "
                                   "devices:\n" +
                                   describe_video_devices());
}

v4l2_format format_of(std::uint32_t width, std::uint32_t height, std::uint32_t bytes) {
  v4l2_format format = {};
  format.type = V4L2_BUF_TYPE_VIDEO_OUTPUT;
  format.fmt.pix.width = width;
  format.fmt.pix.height = height;
  format.fmt.pix.pixelformat = kFourCc;
  format.fmt.pix.field = V4L2_FIELD_NONE;
  format.fmt.pix.bytesperline = width;
  format.fmt.pix.sizeimage = bytes;
  format.fmt.pix.colorspace = V4L2_COLORSPACE_SRGB;
  return format;
}

}  // namespace

struct VirtualCamera::State {
  explicit State(const std::string& path) : device(path), descriptor(path) {}

  std::string device;
  DeviceDescriptor descriptor;
  std::vector<std::uint8_t> pixels;
  video::LibavPointer<AVFrame> frame = video::make_frame();  // a view of pixels
  video::PixelConversion conversion;
};

VirtualCamera::VirtualCamera(const std::string& device, std::uint32_t width, std::uint32_t height)
    : state_(std::make_unique<State>(device)) {
  State& state = *state_;
  if (width % 2 != 0 || height % 2 != 0) {
    throw Error(WF_NOT_SUPPORTED, "a virtual camera wants even sides, found " +
                                      std::to_string(width) + "x" + std::to_string(height) +
                                      "; ask the camera for another size");
  }
  const int columns = static_cast<int>(width), rows = static_cast<int>(height);
  state.pixels.resize(
      static_cast<std::size_t>(av_image_get_buffer_size(kPixels, columns, rows, 1)));
  state.frame->format = kPixels;
  state.frame->width = columns;
  state.frame->height = rows;
  av_image_fill_arrays(state.frame->data, state.frame->linesize, state.pixels.data(), kPixels,
                       columns, rows, 1);
  if (!state.descriptor.valid()) cannot_open(device, state.descriptor.trouble());
  const auto capability = ask_capability(state.descriptor);
  if (!capability || (abilities(*capability) & V4L2_CAP_VIDEO_OUTPUT) == 0) {
    cannot_open(device, "it takes no pictures");
  }
  v4l2_format format = format_of(width, height, static_cast<std::uint32_t>(state.pixels.size()));
  if (::ioctl(state.descriptor.get(), VIDIOC_S_FMT, &format) < 0 || format.fmt.pix.width != width ||
      format.fmt.pix.height != height || format.fmt.pix.pixelformat != kFourCc) {
    throw Error(WF_NOT_SUPPORTED,
                device + " does not take " + std::to_string(width) + "x" + std::to_string(height) +
                    " YUV 4:2:0: a program that reads it may hold it at another size; close that");
  }
}

VirtualCamera::~VirtualCamera() = default;

void VirtualCamera::write(const Image& picture) {
  State& state = *state_;
  state.conversion.to_frame(picture.view(), kColour, *state.frame);
  const ssize_t written = ::write(state.descriptor.get(), state.pixels.data(), state.pixels.size());
  if (written != static_cast<ssize_t>(state.pixels.size())) {
    throw Error(WF_WRITE_FAILED,
                "cannot write to " + state.device + ": " +
                    (written < 0 ? std::strerror(errno) : "only a part was taken"));
  }
}

}  // namespace workflow::camera
