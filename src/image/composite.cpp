#include "image/composite.hpp"

#include <algorithm>

namespace matting {
namespace {

void load_background_row(const Frame& frame, int y, const RgbRow& dst) {
  if (!frame.has_background_color) return read_rgb_row(frame.background, y, dst);
  float* const planes[3] = {dst.red, dst.green, dst.blue};
  for (int c = 0; c < 3; ++c) {
    std::fill_n(planes[c], frame.image.width, frame.background_color[c] / 255.0f);
  }
}

void blend(const float* alpha, const float* foreground, const float* background, int width,
           float* dst) {
  for (int x = 0; x < width; ++x) {
    dst[x] = background[x] + (foreground[x] - background[x]) * alpha[x];
  }
}

}  // namespace

void CompositeRow::write_over(const Frame& frame, int y, const float* alpha,
                              const RgbRow& foreground) {
  const RgbRow b = background(), c = composite();
  load_background_row(frame, y, b);
  blend(alpha, foreground.red, b.red, frame.image.width, c.red);
  blend(alpha, foreground.green, b.green, frame.image.width, c.green);
  blend(alpha, foreground.blue, b.blue, frame.image.width, c.blue);
  write_rgb_row(frame.composite, y, c, nullptr);
}

// Straight alpha; colour is 0 where the rounded alpha is.
void CompositeRow::write_cut_out(const Frame& frame, int y, const float* alpha,
                                 const RgbRow& foreground) {
  const float full = channel_bytes(frame.composite.format) == 1 ? 255.0f : 65535.0f;
  const RgbRow c = composite();
  for (int x = 0; x < frame.image.width; ++x) {
    const bool seen = alpha[x] * full + 0.5f >= 1.0f;
    c.red[x] = seen ? foreground.red[x] : 0;
    c.green[x] = seen ? foreground.green[x] : 0;
    c.blue[x] = seen ? foreground.blue[x] : 0;
  }
  write_rgb_row(frame.composite, y, c, alpha);
}

void CompositeRow::write(const Frame& frame, int y, const float* alpha, const RgbRow& foreground) {
  if (frame.has_background_color || !frame.background.empty()) {
    write_over(frame, y, alpha, foreground);
  } else {
    write_cut_out(frame, y, alpha, foreground);
  }
}

}  // namespace matting
