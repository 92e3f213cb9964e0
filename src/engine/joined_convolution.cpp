#include "engine/joined_convolution.hpp"

#include <algorithm>

#include "engine/arena.hpp"
#include "engine/threads.hpp"

namespace matting::engine {
namespace {

// A strip of input should stay in the second-level cache, its output and the weights too.
constexpr std::size_t kStripBytes = 640 << 10;
constexpr int kFewestStrips = 8;
// Channels of 8-bit inputs: a vector of 16 at least, which oneDNN rewards (64 instead of 54
// channels gave 1,933 instead of 1,223 GOP/s).
constexpr int kIntegerPitch = 16;

std::unique_ptr<QuantizedLayer> quantize(const Layer& layer, const ChannelRanges& ranges,
                                         int channels) {
  auto quantized = std::make_unique<QuantizedLayer>(layer, ranges);
  const int pitch = (channels + kIntegerPitch - 1) / kIntegerPitch * kIntegerPitch;
  quantized->factor.resize(pitch);
  quantized->zero.resize(pitch);
  quantized->padding.resize(pitch);
  return quantized;
}

}  // namespace

template <class T>
JoinedConvolution<T>::JoinedConvolution(const Network& network, const Layer& layer,
                                        const FeatureMap& low, const FeatureMap& skip,
                                        const FeatureMap& out, const ChannelRanges* ranges)
    : network_(network),
      out_(out),
      quantized_(ranges ? quantize(layer, *ranges, low.channels + skip.channels) : nullptr),
      input_(network.kernels(), low, skip, quantized_.get()),
      // So that what lies beyond the image has the level that stands for 0.
      margin_(quantized_ ? 1 : 0) {
  const std::size_t row = input_.pixel_bytes() * (out.width + 2 * margin_);
  // Not a function of the number of threads: the result must not be either.
  const int most = std::max(2, static_cast<int>(kStripBytes / row) - 2);
  strip_rows_ = std::min(most, (out.height + kFewestStrips - 1) / kFewestStrips);
  strips_ = (out.height + strip_rows_ - 1) / strip_rows_;
  join_bytes_ = aligned(row * (strip_rows_ + 2));
  scratch_bytes_ = aligned(sizeof(float) * input_.scratch_floats(out.width));
}

template <class T>
void JoinedConvolution<T>::make_primitives(const Layer& layer, int threads) {
  ConvolutionShape shape;
  shape.width = out_.width + 2 * margin_;
  shape.in_channels = input_.pitch();
  shape.out_channels = out_.channels;
  shape.pad_columns = 1 - margin_;
  shape.src = quantized_ ? Element::kUint8 : element_of<T>();
  shape.dst = element_of<T>();
  const Layer& used = quantized_ ? quantized_->layer : layer;
  const ThreadCount one(1);
  for (int thread = 0; thread < threads; ++thread) {
    shape.height = strip_rows_ + 2;
    whole_.push_back(std::make_shared<Convolution>(used, shape, network_.packed()));
    shape.height = row_count(strips_ - 1) + 2;
    rest_.push_back(std::make_shared<Convolution>(used, shape, network_.packed()));
  }
}

template <class T>
int JoinedConvolution<T>::row_count(int strip) const noexcept {
  return std::min(strip_rows_, out_.height - first_row(strip));
}

template <class T>
std::size_t JoinedConvolution<T>::memory_bytes() const noexcept {
  const std::size_t own = join_bytes_ + scratch_bytes_;
  if (whole_.empty()) return own;
  return own + std::max(whole_[0]->scratch_bytes(), rest_[0]->scratch_bytes());
}

template <class T>
void JoinedConvolution<T>::run(int strip, int thread, const T* low, const T* skip, T* out,
                               std::byte* memory) {
  const int first = first_row(strip), count = row_count(strip);
  const Region region = {first - 1, -margin_, count + 2, out_.width + 2 * margin_};
  input_.read(low, skip, region, memory, reinterpret_cast<float*>(memory + join_bytes_));
  Convolution& convolution = count == strip_rows_ ? *whole_[thread] : *rest_[thread];
  convolution.run(memory, out + first * out_.row(), memory + join_bytes_ + scratch_bytes_);
}

template class JoinedConvolution<float>;
template class JoinedConvolution<BFloat16>;

}  // namespace matting::engine
