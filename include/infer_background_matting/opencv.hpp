// Optional bridge: views of cv::Mat. Header only, so that the library itself needs no OpenCV.
#ifndef INFER_BACKGROUND_MATTING_OPENCV_HPP
#define INFER_BACKGROUND_MATTING_OPENCV_HPP

#include <opencv2/core.hpp>
#include <string>

#include "infer_background_matting/error.hpp"
#include "infer_background_matting/image.hpp"

namespace matting {

// The format of a cv::Mat in OpenCV's channel order (BGR, BGRA, grey; 8 or 16 bit unsigned). Throws
// Error kBadImage for other types.
inline PixelFormat opencv_format(const cv::Mat& mat) {
  switch (mat.type()) {
    case CV_8UC1:
      return PixelFormat::kGray8;
    case CV_8UC3:
      return PixelFormat::kBgr8;
    case CV_8UC4:
      return PixelFormat::kBgra8;
    case CV_16UC1:
      return PixelFormat::kGray16;
    case CV_16UC3:
      return PixelFormat::kBgr16;
    case CV_16UC4:
      return PixelFormat::kBgra16;
    default:
      throw Error(ErrorCode::kBadImage,
                  "cv::Mat of type " + std::to_string(mat.type()) +
                      ": wanted 8 or 16 bit unsigned with 1, 3 or 4 channels; convert it first");
  }
}

// A view of mat's pixels; valid as long as mat holds them. An empty mat gives an empty view.
inline ImageView view_of(const cv::Mat& mat, std::uint64_t generation = 0) {
  if (mat.empty()) return {};
  return {opencv_format(mat), mat.cols,  mat.rows, static_cast<std::ptrdiff_t>(mat.step[0]),
          mat.data,           generation};
}

inline MutableImageView mutable_view_of(cv::Mat& mat) {
  if (mat.empty()) return {};
  return {opencv_format(mat), mat.cols, mat.rows, static_cast<std::ptrdiff_t>(mat.step[0]),
          mat.data};
}

}  // namespace matting

#endif  // INFER_BACKGROUND_MATTING_OPENCV_HPP
