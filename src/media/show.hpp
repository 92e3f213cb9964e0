// Pictures in a window.
#ifndef WORKFLOW_MEDIA_SHOW_HPP
#define WORKFLOW_MEDIA_SHOW_HPP

#include <string>

#include "workflow/image.hpp"

namespace workflow::media {

// Shows image in a window until a key is pressed or the window is closed; an alpha channel over a
// checkerboard, a picture larger than the screen's usual 1920x1080 scaled down. Main thread. Throws
// Error WF_NOT_SUPPORTED where there is no display or the build has no window module.
void show_image(const Image& image, const std::string& title);

}  // namespace workflow::media

#endif  // WORKFLOW_MEDIA_SHOW_HPP
