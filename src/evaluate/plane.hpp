// Numbers of a picture, for measuring.
#ifndef MATTING_EVALUATE_PLANE_HPP
#define MATTING_EVALUATE_PLANE_HPP

#include <cstddef>
#include <vector>

#include "workflow/plugin_abi.h"

namespace matting {

// width x height values, row by row, `channels` of them interleaved. Alpha and colour: 0..1.
struct Plane {
  int width = 0;
  int height = 0;
  int channels = 1;
  std::vector<float> values;

  Plane() = default;
  Plane(int w, int h, int c = 1)
      : width(w), height(h), channels(c), values(static_cast<std::size_t>(w) * h * c) {}
  float& at(int x, int y, int channel = 0) { return values[index(x, y, channel)]; }
  float at(int x, int y, int channel = 0) const { return values[index(x, y, channel)]; }

 private:
  std::size_t index(int x, int y, int channel) const {
    return (static_cast<std::size_t>(y) * width + x) * channels + channel;
  }
};

// One channel out of an image file of a matte: grey as it is, the fourth channel where there is one,
// else the mean of the colours. Any WF_FORMAT_*; 8 bit is divided by 255, 16 bit by 65535.
Plane alpha_plane(const wf_image& image);

// Three channels, RGB; grey is repeated, alpha left out.
Plane colour_plane(const wf_image& image);

}  // namespace matting

#endif  // MATTING_EVALUATE_PLANE_HPP
