// Fit a picture to another size: plates, new backgrounds and masks that do not match the image.
#ifndef MATTING_IMAGE_RESAMPLE_HPP
#define MATTING_IMAGE_RESAMPLE_HPP

#include "infer_background_matting/image.hpp"
#include "infer_background_matting/params.hpp"

namespace matting {

// src as `format`, width x height, fitted:
//   cover    scaled evenly until it covers the whole, the rest cut off on both sides
//   contain  scaled evenly until it lies inside, black around it
//   stretch  scaled unevenly to the exact size
//   center   not scaled, its centre on the centre; cut off or black around it
//   tile     not scaled, repeated from the top left corner
// Scaling is separable with a triangle filter as wide as the larger of the two pixels, so that it
// does not alias when it shrinks. Throws Error like Image's constructor.
Image fit_image(const ImageView& src, int width, int height, PixelFormat format, BackgroundFit fit);

// src's first channel as kGray8, scaled to the nearest pixel so that a trimap gets no new values.
Image fit_mask(const ImageView& src, int width, int height);

}  // namespace matting

#endif  // MATTING_IMAGE_RESAMPLE_HPP
