#include "engine/pixel_rows.hpp"

#include <algorithm>

namespace matting::engine {
namespace {

int kind_of(PixelFormat format) {
  const int channels = channel_count(format);
  return (channels == 1 ? 0 : channels - 2) + (channel_bytes(format) == 2 ? kGray16Pixels : 0);
}

bool blue_first(PixelFormat format) {
  return format == PixelFormat::kBgr8 || format == PixelFormat::kBgra8 ||
         format == PixelFormat::kBgr16 || format == PixelFormat::kBgra16;
}

}  // namespace

RgbPlanes read_rgb(const Kernels& kernels, const ImageView& view, int x, int y, int count,
                   float* storage, int pitch) {
  float* const planes[3] = {storage, storage + pitch, storage + 2 * pitch};
  const int from = std::min(x, view.width - 1);
  const int inside = std::min(count, view.width - from);
  const std::uint8_t* row = view.row(std::min(y, view.height - 1));
  kernels.load[kind_of(view.format)](row + from * pixel_bytes(view.format), inside, planes);
  const bool gray = channel_count(view.format) == 1;
  for (int c = 0; c < (gray ? 1 : 3); ++c) {
    std::fill(planes[c] + inside, planes[c] + count, planes[c][inside - 1]);
  }
  if (gray) return {{planes[0], planes[0], planes[0]}};
  if (blue_first(view.format)) return {{planes[2], planes[1], planes[0]}};
  return {{planes[0], planes[1], planes[2]}};
}

void read_rgb_row(const Kernels& kernels, const ImageView& view, int y, const RgbRow& dst) {
  const bool swapped = blue_first(view.format);
  float* const planes[3] = {swapped ? dst.blue : dst.red, dst.green, swapped ? dst.red : dst.blue};
  kernels.load[kind_of(view.format)](view.row(y), view.width, planes);
  if (channel_count(view.format) != 1) return;
  std::copy_n(dst.red, view.width, dst.green);
  std::copy_n(dst.red, view.width, dst.blue);
}

void read_gray_row(const Kernels& kernels, const ImageView& view, int y, float* dst) {
  float* const planes[3] = {dst, nullptr, nullptr};
  kernels.load[kind_of(view.format)](view.row(y), view.width, planes);
}

void write_rgb(const Kernels& kernels, const MutableImageView& view, int x, int y, int count,
               const float* const rgb[3], const float* alpha, float* scratch) {
  std::uint8_t* pixels = view.row(y) + x * pixel_bytes(view.format);
  const int channels = channel_count(view.format);
  if (channels == 1) {
    for (int i = 0; i < count; ++i) {
      scratch[i] = 0.299f * rgb[0][i] + 0.587f * rgb[1][i] + 0.114f * rgb[2][i];
    }
    const float* const planes[4] = {scratch, scratch, scratch, scratch};
    kernels.store[kind_of(view.format)](planes, count, pixels);
    return;
  }
  if (channels == 4 && alpha == nullptr) {
    std::fill(scratch, scratch + count, 1.0f);
    alpha = scratch;
  }
  const bool swapped = blue_first(view.format);
  const float* const planes[4] = {rgb[swapped ? 2 : 0], rgb[1], rgb[swapped ? 0 : 2], alpha};
  kernels.store[kind_of(view.format)](planes, count, pixels);
}

void write_rgb_row(const Kernels& kernels, const MutableImageView& view, int y, const RgbRow& src) {
  const float* const planes[3] = {src.red, src.green, src.blue};
  write_rgb(kernels, view, 0, y, view.width, planes, nullptr, nullptr);
}

void write_gray(const Kernels& kernels, const MutableImageView& view, int x, int y, int count,
                const float* plane) {
  const float* const planes[4] = {plane, plane, plane, plane};
  kernels.store[kind_of(view.format)](planes, count, view.row(y) + x * pixel_bytes(view.format));
}

}  // namespace matting::engine
