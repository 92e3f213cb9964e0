// A decoder's convolution over its joined input, in strips of rows.
#ifndef MATTING_ENGINE_JOINED_CONVOLUTION_HPP
#define MATTING_ENGINE_JOINED_CONVOLUTION_HPP

#include <memory>
#include <vector>

#include "engine/joined_input.hpp"
#include "engine/network.hpp"

namespace matting::engine {

// Upsampling, joining and convolving, one strip at a time in each thread, so that the joined rows
// stay in the second-level cache.
template <class T>
class JoinedConvolution {
 public:
  // out: skip's size. ranges: what the layer's inputs reach, for integers; null: in T.
  JoinedConvolution(const Network& network, const Layer& layer, const FeatureMap& low,
                    const FeatureMap& skip, const FeatureMap& out, const ChannelRanges* ranges);

  // Makes the primitives of the same layer; before run(). Each runs in one thread.
  void make_primitives(const Layer& layer, int threads);
  const std::shared_ptr<Convolution>& primitive() const noexcept { return whole_.front(); }

  int strips() const noexcept { return strips_; }
  int first_row(int strip) const noexcept { return strip * strip_rows_; }
  int row_count(int strip) const noexcept;
  // Scratch memory of one thread; with oneDNN's once the primitives are made.
  std::size_t memory_bytes() const noexcept;
  // low, skip, out: the maps' first pixels.
  void run(int strip, int thread, const T* low, const T* skip, T* out, std::byte* memory);

 private:
  const Network& network_;
  FeatureMap out_;
  std::unique_ptr<QuantizedLayer> quantized_;
  JoinedInput<T> input_;
  int margin_;  // columns beyond the map on each side, where the convolution pads with no zeros
  int strip_rows_ = 0, strips_ = 0;  // the last strip may have fewer rows
  std::size_t join_bytes_ = 0, scratch_bytes_ = 0;
  std::vector<std::shared_ptr<Convolution>> whole_, rest_;  // per thread
};

}  // namespace matting::engine

#endif  // MATTING_ENGINE_JOINED_CONVOLUTION_HPP
