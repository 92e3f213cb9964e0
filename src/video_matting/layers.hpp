// Pictures put together from layers, where alpha has changed since the task made its own.
#ifndef VIDEO_MATTING_LAYERS_HPP
#define VIDEO_MATTING_LAYERS_HPP

#include "workflow/image.hpp"

namespace video_matting {

// All images have one size and depth; foreground and backdrop RGB or BGR alike, alpha grey. dst is
// made anew where it does not fit.

// Colours with straight alpha; black where nothing is covered, as in the task's own cut-out.
void cut_out(const workflow::Image& foreground, const workflow::Image& alpha, workflow::Image& dst);

// foreground x alpha + backdrop x (1 - alpha), rounded.
void compose(const workflow::Image& foreground, const workflow::Image& alpha,
             const workflow::Image& backdrop, workflow::Image& dst);

}  // namespace video_matting

#endif  // VIDEO_MATTING_LAYERS_HPP
