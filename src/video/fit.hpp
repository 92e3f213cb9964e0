// Pictures whose memory is used again from frame to frame.
#ifndef WORKFLOW_VIDEO_FIT_HPP
#define WORKFLOW_VIDEO_FIT_HPP

#include "workflow/image.hpp"

namespace workflow::video {

// Makes image anew unless it has that size and format already. Throws what Image's constructor
// does.
inline void fit(Image& image, std::uint32_t width, std::uint32_t height, wf_format format) {
  if (image.width() == width && image.height() == height && image.format() == format) return;
  image = Image(width, height, format);
}

}  // namespace workflow::video

#endif  // WORKFLOW_VIDEO_FIT_HPP
