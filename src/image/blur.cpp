#include "image/blur.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "image/pixel_rows.hpp"

namespace matting {
namespace {

// Radii of three box filters whose convolution has variance sigma^2 as nearly as integers can
// (Kovesi 2010, equations 3 to 5).
std::array<int, 3> box_radii(double sigma) {
  const double ideal = std::sqrt(12.0 * sigma * sigma / 3.0 + 1.0);
  int lower = static_cast<int>(std::floor(ideal));
  if (lower % 2 == 0) --lower;
  const double count =
      (12.0 * sigma * sigma - 3.0 * lower * lower - 12.0 * lower - 9.0) / (-4.0 * lower - 4.0);
  const int lower_count = static_cast<int>(std::lround(count));
  std::array<int, 3> radii{};
  for (int i = 0; i < 3; ++i) radii[i] = ((i < lower_count ? lower : lower + 2) - 1) / 2;
  return radii;
}

// Mean over 2 * radius + 1 neighbours along a line of `count` values, `step` apart; in place.
void box_line(float* line, int count, std::ptrdiff_t step, int radius, std::vector<float>& copy) {
  copy.resize(count);
  for (int i = 0; i < count; ++i) copy[i] = line[i * step];
  const auto at = [&](int i) { return copy[std::clamp(i, 0, count - 1)]; };
  double sum = 0;
  for (int i = -radius; i <= radius; ++i) sum += at(i);
  const double scale = 1.0 / (2 * radius + 1);
  for (int i = 0; i < count; ++i) {
    line[i * step] = static_cast<float>(sum * scale);
    sum += at(i + radius + 1) - at(i - radius);
  }
}

void box_blur_plane(std::vector<float>& plane, int width, int height, int radius) {
  std::vector<float> copy;
  for (int y = 0; y < height; ++y) {
    box_line(plane.data() + std::ptrdiff_t{y} * width, width, 1, radius, copy);
  }
  for (int x = 0; x < width; ++x) box_line(plane.data() + x, height, width, radius, copy);
}

}  // namespace

Image blur_image(const ImageView& src, double sigma, PixelFormat format) {
  const std::size_t area = static_cast<std::size_t>(src.width) * src.height;
  std::array<std::vector<float>, 3> planes;
  for (auto& plane : planes) plane.resize(area);
  const auto row = [&](int y) {
    const std::size_t at = static_cast<std::size_t>(y) * src.width;
    return RgbRow{planes[0].data() + at, planes[1].data() + at, planes[2].data() + at};
  };
  for (int y = 0; y < src.height; ++y) read_rgb_row(src, y, row(y));
  for (auto& plane : planes) {
    for (int radius : box_radii(sigma)) {
      if (radius > 0) box_blur_plane(plane, src.width, src.height, radius);
    }
  }
  Image dst(src.width, src.height, format);
  for (int y = 0; y < src.height; ++y) write_rgb_row(dst.mutable_view(), y, row(y), nullptr);
  return dst;
}

}  // namespace matting
