#include "plate/frame_format.hpp"

#include <opencv2/imgproc.hpp>

#include "media/mat_view.hpp"

namespace plate {
namespace {

bool is_rgb(wf_format format) {
  return format == WF_FORMAT_RGB8 || format == WF_FORMAT_RGB16;
}

cv::Mat with_channels(const cv::Mat& bgr, wf_format format) {
  cv::Mat colour = bgr, result;
  if (bgr.channels() == 4) cv::cvtColor(bgr, colour, cv::COLOR_BGRA2BGR);
  const bool to_grey = workflow::channel_count(format) == 1;
  if (to_grey && colour.channels() == 3) {
    cv::cvtColor(colour, result, cv::COLOR_BGR2GRAY);
  } else if (!to_grey && colour.channels() == 1) {
    cv::cvtColor(colour, result, cv::COLOR_GRAY2BGR);
  } else if (is_rgb(format)) {
    cv::cvtColor(colour, result, cv::COLOR_BGR2RGB);
  } else {
    result = colour;
  }
  return result;
}

}  // namespace

wf_format plate_format(wf_format frame) {
  switch (frame) {
    case WF_FORMAT_RGBA8:
      return WF_FORMAT_RGB8;
    case WF_FORMAT_BGRA8:
      return WF_FORMAT_BGR8;
    case WF_FORMAT_RGBA16:
      return WF_FORMAT_RGB16;
    case WF_FORMAT_BGRA16:
      return WF_FORMAT_BGR16;
    default:
      return frame;
  }
}

cv::Mat in_frame_format(const workflow::Image& image, wf_format frame, cv::Size size) {
  const wf_format wanted = plate_format(frame);
  cv::Mat pixels = image.format() == wanted
                       ? workflow::media::pixels_view(image.view())
                       : with_channels(workflow::media::bgr_view(image.view()), wanted);
  const int depth = workflow::channel_bytes(wanted) == 2 ? CV_16U : CV_8U;
  if (pixels.depth() != depth) {
    const double scale = depth == CV_16U ? 257.0 : 1 / 257.0;
    cv::Mat converted;
    pixels.convertTo(converted, depth, scale);
    pixels = converted;
  }
  if (pixels.size() == size) return pixels;
  cv::Mat fitted;
  const bool smaller = size.area() < pixels.size().area();
  cv::resize(pixels, fitted, size, 0, 0, smaller ? cv::INTER_AREA : cv::INTER_CUBIC);
  return fitted;
}

workflow::Image image_of(const cv::Mat& pixels, wf_format format) {
  workflow::Image image(static_cast<std::uint32_t>(pixels.cols),
                        static_cast<std::uint32_t>(pixels.rows), format);
  pixels.copyTo(workflow::media::pixels_view(image.view()));
  image.view().generation = workflow::next_generation();
  return image;
}

}  // namespace plate
