#include "engine/input.hpp"

#include <algorithm>

#include "engine/pixel_rows.hpp"
#include "engine/threads.hpp"

namespace matting::engine {

InputPass::InputPass(const Kernels& kernels, const Geometry& geometry)
    : kernels_(kernels),
      geometry_(geometry),
      rows_(bilinear_axis(geometry.padded_height, geometry.coarse_height, geometry.height)),
      columns_(bilinear_axis(geometry.padded_width, geometry.coarse_width, geometry.width)) {
  const std::size_t floats = 6 * static_cast<std::size_t>(geometry.width + kSlack) +
                             6 * static_cast<std::size_t>(geometry.coarse_width + kSlack);
  memory_.assign(team_size(), std::vector<float>(floats));
}

std::size_t InputPass::bytes() const noexcept {
  return memory_.size() * memory_.front().size() * sizeof(float);
}

void InputPass::read_row(const ImageView& view, int y, float* memory, float* out,
                         const float* planes[3]) {
  const int pitch = geometry_.width + kSlack, out_pitch = geometry_.coarse_width + kSlack;
  const RgbPlanes upper =
      read_rgb(kernels_, view, 0, rows_.first[y], geometry_.width, memory, pitch);
  const bool mixes = rows_.weight[y] != 0 && rows_.first[y] != rows_.second[y];
  if (mixes) {
    const RgbPlanes lower =
        read_rgb(kernels_, view, 0, rows_.second[y], geometry_.width, memory + 3 * pitch, pitch);
    const bool gray = upper.plane[0] == upper.plane[1];
    for (int c = 0; c < (gray ? 1 : 3); ++c) {
      kernels_.mix(upper.plane[c], lower.plane[c], rows_.weight[y], geometry_.width,
                   upper.plane[c]);
    }
  }
  const Columns columns = {columns_.first.data(), columns_.second.data(), columns_.weight.data()};
  float* const resized[3] = {out, out + out_pitch, out + 2 * out_pitch};
  kernels_.resize(upper.plane, 3, columns, geometry_.coarse_width, resized);
  std::copy_n(resized, 3, planes);
}

template <class T>
void InputPass::read(const ImageView& image, const ImageView& plate, T* out) {
  parallel_for(geometry_.coarse_height, [&](int y, int thread) {
    float* memory = memory_[thread].data();
    float* resized = memory + 6 * (geometry_.width + kSlack);
    const float* planes[6];
    read_row(image, y, memory, resized, planes);
    read_row(plate, y, memory, resized + 3 * (geometry_.coarse_width + kSlack), planes + 3);
    const std::size_t row = static_cast<std::size_t>(geometry_.coarse_width) * kColorPitch;
    kernels_.of<T>().interleave(planes, geometry_.coarse_width, out + y * row);
  });
}

template void InputPass::read(const ImageView&, const ImageView&, float*);
template void InputPass::read(const ImageView&, const ImageView&, BFloat16*);

}  // namespace matting::engine
