#include "engine/hidden_features.hpp"

#include <algorithm>

#include "engine/projected_layer.hpp"
#include "engine/threads.hpp"

namespace matting::engine {
namespace {

constexpr int kInputSide = kCoarseBlock + 2;  // the convolution reaches one pixel beyond

Layer hidden_layer(const Layer& layer) {
  Layer hidden = outputs_of(layer, 0, kCoarseHidden);
  hidden.activation = Activation::kRelu;
  return hidden;
}

template <class T>
std::size_t out_bytes() {
  return aligned(sizeof(T) * kCoarseBlock * kCoarseBlock * kCoarseHidden);
}

}  // namespace

template <class T>
HiddenFeatures<T>::HiddenFeatures(const Network& network, const FeatureMap& low,
                                  const FeatureMap& skip)
    : width_(skip.width),
      height_(skip.height),
      layer_(hidden_layer(network.layers().at("decoder.conv4"))),
      input_(network.kernels(), low, skip),
      join_bytes_(aligned(input_.pixel_bytes() * kInputSide * kInputSide)),
      scratch_bytes_(aligned(sizeof(float) * input_.scratch_floats(kInputSide))) {
  ConvolutionShape shape;
  shape.height = shape.width = kInputSide;
  shape.in_channels = input_.pitch();
  shape.out_channels = kCoarseHidden;
  shape.src = shape.dst = element_of<T>();
  const int threads = team_size();
  const ThreadCount one(1);
  for (int thread = 0; thread < threads; ++thread) {
    convolutions_.push_back(std::make_shared<Convolution>(layer_, shape, network.packed()));
    memory_.emplace_back(join_bytes_ + scratch_bytes_ + out_bytes<T>() +
                         convolutions_.back()->scratch_bytes());
  }
}

template <class T>
std::size_t HiddenFeatures<T>::bytes() const noexcept {
  std::size_t sum = 0;
  for (const AlignedBlock& block : memory_) sum += block.size();
  return sum;
}

template <class T>
void HiddenFeatures<T>::run(const T* low, const T* skip, const T* maps,
                            const std::vector<std::int32_t>& blocks, T* coarse) {
  parallel_for(static_cast<int>(blocks.size()),
               [&](int i, int thread) { run_block(blocks[i], thread, low, skip, maps, coarse); });
}

template <class T>
void HiddenFeatures<T>::run_block(int block, int thread, const T* low, const T* skip, const T* maps,
                                  T* coarse) {
  const int columns = coarse_blocks(width_);
  const int top = block / columns * kCoarseBlock, left = block % columns * kCoarseBlock;
  std::byte* const joined = memory_[thread].data();
  std::byte* const scratch = joined + join_bytes_;
  std::byte* const out = scratch + scratch_bytes_;
  input_.read(low, skip, {top - 1, left - 1, kInputSide, kInputSide}, joined,
              reinterpret_cast<float*>(scratch));
  convolutions_[thread]->run(joined, out, out + out_bytes<T>());
  const int rows = std::min(kCoarseBlock, height_ - top);
  const int count = std::min(kCoarseBlock, width_ - left);
  const T* from = reinterpret_cast<const T*>(out);
  for (int y = 0; y < rows; ++y, from += (kCoarseBlock - count) * kCoarseHidden) {
    const std::size_t pixel = static_cast<std::size_t>(top + y) * width_ + left;
    const T* map = maps + pixel * kMapPitch;
    T* to = coarse + pixel * kCoarsePitch;
    for (int x = 0; x < count; ++x, from += kCoarseHidden, map += kMapPitch, to += kCoarsePitch) {
      std::copy_n(from, kCoarseHidden, to);
      std::copy_n(map, kMapPitch, to + kCoarseHidden);
    }
  }
}

template class HiddenFeatures<float>;
template class HiddenFeatures<BFloat16>;

}  // namespace matting::engine
