#include "engine/composite.hpp"

#include <algorithm>

#include "engine/pixel_rows.hpp"

namespace matting::engine {

void write_composite(const Kernels& kernels, const Frame& frame, int x, int y, int count,
                     const float* alpha, const float* const colors[3], float* memory, int pitch) {
  const bool onto_color = frame.background.empty() && frame.has_background_color;
  const bool cuts_out = frame.background.empty() && !frame.has_background_color;
  const float levels = channel_bytes(frame.image.format) == 2 ? 65535.0f : 255.0f;
  float* const behind = memory;
  float* const spare = memory + 6 * pitch;
  RgbPlanes background = {};
  if (!frame.background.empty()) {
    background = read_rgb(kernels, frame.background, x, y, count, behind, pitch);
  }
  const float* composite[3];
  for (int c = 0; c < 3; ++c) {
    float* const out = memory + (3 + c) * pitch;
    if (cuts_out) {
      kernels.cut_out(alpha, colors[c], levels, count, out);
    } else {
      if (onto_color) {
        background.plane[c] = behind;
        std::fill_n(behind, count, frame.background_color[c] / 255.0f);
      }
      kernels.compose(alpha, colors[c], background.plane[c], count, out);
    }
    composite[c] = out;
  }
  write_rgb(kernels, frame.composite, x, y, count, composite, cuts_out ? alpha : nullptr, spare);
}

}  // namespace matting::engine
