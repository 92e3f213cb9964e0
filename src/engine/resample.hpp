// Bilinear resampling of one axis, as torch.nn.functional.interpolate(align_corners=False) does it.
#ifndef MATTING_ENGINE_RESAMPLE_HPP
#define MATTING_ENGINE_RESAMPLE_HPP

#include <cstdint>
#include <vector>

namespace matting::engine {

// Output i is input[first[i]] * (1 - weight[i]) + input[second[i]] * weight[i].
struct BilinearAxis {
  std::vector<std::int32_t> first, second;
  std::vector<float> weight;

  int size() const noexcept { return static_cast<int>(first.size()); }
};

// real: samples that exist; those from real to input repeat the last one (edge replication).
BilinearAxis bilinear_axis(int input, int output, int real);
inline BilinearAxis bilinear_axis(int input, int output) {
  return bilinear_axis(input, output, input);
}

}  // namespace matting::engine

#endif  // MATTING_ENGINE_RESAMPLE_HPP
