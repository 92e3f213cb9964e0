// Between wf_image and cv::Mat, for modules that link OpenCV: the only header here that names it.
#ifndef WORKFLOW_MEDIA_MAT_VIEW_HPP
#define WORKFLOW_MEDIA_MAT_VIEW_HPP

#include <opencv2/core.hpp>

#include "workflow/image.hpp"

namespace workflow::media {

// A view of image's pixels, channels in their own order. Throws Error WF_BAD_IMAGE for an image
// without pixels.
cv::Mat pixels_view(const wf_image& image);

// image in OpenCV's channel order (grey, BGR, BGRA); a view of its pixels where that is its order
// already, else a copy. Only to be read. Throws Error WF_BAD_IMAGE.
cv::Mat bgr_view(const wf_image& image);

// The value of white in pixels of that depth: 255, 65535, or 1 in floats.
double full_scale(const cv::Mat& pixels);

}  // namespace workflow::media

#endif  // WORKFLOW_MEDIA_MAT_VIEW_HPP
