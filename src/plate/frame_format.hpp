// A picture brought to the format of another: so that plate and frame can be compared and mixed.
#ifndef PLATE_FRAME_FORMAT_HPP
#define PLATE_FRAME_FORMAT_HPP

#include <opencv2/core.hpp>

#include "workflow/image.hpp"

namespace plate {

// The format of a plate for frames of this format: without a fourth channel.
wf_format plate_format(wf_format frame);

// image in the size, depth and order of channels of frames of this format, without a fourth
// channel: a view of image's pixels where that is what they are, else a copy. Throws Error
// WF_BAD_IMAGE for an image without pixels.
cv::Mat in_frame_format(const workflow::Image& image, wf_format frame, cv::Size size);

// An image with these pixels, a new one with a new generation number.
workflow::Image image_of(const cv::Mat& pixels, wf_format format);

}  // namespace plate

#endif  // PLATE_FRAME_FORMAT_HPP
