#include "media/mat_view.hpp"

#include <opencv2/imgproc.hpp>
#include <string>

#include "workflow/error.hpp"

namespace workflow::media {

cv::Mat pixels_view(const wf_image& image) {
  const int channels = channel_count(image.format);
  if (image.data == nullptr || channels == 0 || image.width == 0 || image.height == 0) {
    throw Error(WF_BAD_IMAGE, "wanted an image with pixels, found " + std::to_string(image.width) +
                                  "x" + std::to_string(image.height) + " of " +
                                  format_name(image.format));
  }
  const int depth = channel_bytes(image.format) == 2 ? CV_16U : CV_8U;
  return {static_cast<int>(image.height), static_cast<int>(image.width),
          CV_MAKETYPE(depth, channels), image.data, static_cast<std::size_t>(image.stride_bytes)};
}

cv::Mat bgr_view(const wf_image& image) {
  const cv::Mat pixels = pixels_view(image);
  cv::Mat swapped;
  switch (image.format) {
    case WF_FORMAT_RGB8:
    case WF_FORMAT_RGB16:
      cv::cvtColor(pixels, swapped, cv::COLOR_RGB2BGR);
      return swapped;
    case WF_FORMAT_RGBA8:
    case WF_FORMAT_RGBA16:
      cv::cvtColor(pixels, swapped, cv::COLOR_RGBA2BGRA);
      return swapped;
    default:
      return pixels;
  }
}

double full_scale(const cv::Mat& pixels) {
  return pixels.depth() == CV_8U ? 255 : pixels.depth() == CV_16U ? 65535 : 1;
}

}  // namespace workflow::media
