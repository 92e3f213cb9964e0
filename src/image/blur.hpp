// Gaussian blur of a whole picture, for the `blur:SIGMA` background.
#ifndef MATTING_IMAGE_BLUR_HPP
#define MATTING_IMAGE_BLUR_HPP

#include "infer_background_matting/image.hpp"

namespace matting {

// src blurred with standard deviation sigma > 0 (pixels), as `format`. Three box filters in a row,
// whose widths follow Kovesi, "Fast Almost-Gaussian Filtering" (DICTA 2010), so that the cost does
// not grow with sigma. Pixels beyond the border repeat the border. Edges beyond 3 sigma of a
// flat picture stay exact.
Image blur_image(const ImageView& src, double sigma, PixelFormat format);

}  // namespace matting

#endif  // MATTING_IMAGE_BLUR_HPP
