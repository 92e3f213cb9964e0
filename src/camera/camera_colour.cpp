#include "camera/camera_colour.hpp"

extern "C" {
#include <libavutil/pixfmt.h>
}

#include "camera/device_descriptor.hpp"

namespace workflow::camera {
namespace {

int matrix_of(std::uint32_t encoding) {
  switch (encoding) {
    case V4L2_YCBCR_ENC_709:
    case V4L2_YCBCR_ENC_XV709:
      return AVCOL_SPC_BT709;
    case V4L2_YCBCR_ENC_BT2020:
      return AVCOL_SPC_BT2020_NCL;
    case V4L2_YCBCR_ENC_BT2020_CONST_LUM:
      return AVCOL_SPC_BT2020_CL;
    case V4L2_YCBCR_ENC_SMPTE240M:
      return AVCOL_SPC_SMPTE240M;
    default:
      return AVCOL_SPC_SMPTE170M;
  }
}

}  // namespace

std::optional<video::ColourTags> colour_of_camera(const std::string& device) {
  const DeviceDescriptor descriptor(device, O_NONBLOCK);
  v4l2_format format = {};
  format.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
  if (!descriptor.valid() || ::ioctl(descriptor.get(), VIDIOC_G_FMT, &format) < 0) {
    return std::nullopt;
  }
  const v4l2_pix_format& pixels = format.fmt.pix;
  std::uint32_t encoding = pixels.ycbcr_enc;
  if (encoding == V4L2_YCBCR_ENC_DEFAULT) encoding = V4L2_MAP_YCBCR_ENC_DEFAULT(pixels.colorspace);
  std::uint32_t range = pixels.quantization;
  if (range == V4L2_QUANTIZATION_DEFAULT) {
    range = V4L2_MAP_QUANTIZATION_DEFAULT(false, pixels.colorspace, encoding);
  }
  video::ColourTags colour;
  colour.matrix = matrix_of(encoding);
  colour.full_range = range == V4L2_QUANTIZATION_FULL_RANGE;
  return colour;
}

}  // namespace workflow::camera
