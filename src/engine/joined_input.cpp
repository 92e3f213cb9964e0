#include "engine/joined_input.hpp"

#include <algorithm>

namespace matting::engine {
namespace {

template <class T>
void run_join(const ElementKernels<T>& kernels, const UpsampleJoinRow<T>& row) {
  kernels.upsample_join(row);
}
template <class T>
void run_join(const ElementKernels<T>& kernels, const UpsampleJoinRow<T, std::uint8_t>& row) {
  kernels.upsample_join_integer(row);
}

// Pixels that lie beyond the image: zeros, or the levels that stand for them.
template <class T>
void fill_outside(T* pixels, int count, int pitch, const QuantizedLayer*) {
  std::fill_n(pixels, static_cast<std::size_t>(count) * pitch, T());
}
void fill_outside(std::uint8_t* pixels, int count, int pitch, const QuantizedLayer* quantized) {
  for (int i = 0; i < count; ++i) std::copy_n(quantized->padding.data(), pitch, pixels + i * pitch);
}

}  // namespace

template <class T>
JoinedInput<T>::JoinedInput(const Kernels& kernels, const FeatureMap& low, const FeatureMap& skip,
                            const QuantizedLayer* quantized)
    : kernels_(kernels),
      low_(low),
      skip_(skip),
      quantized_(quantized),
      pitch_(quantized ? static_cast<int>(quantized->padding.size())
                       : low.channels + skip.channels),
      rows_(bilinear_axis(low.height, skip.height)),
      columns_(bilinear_axis(low.width, skip.width)) {}

template <class T>
std::size_t JoinedInput<T>::scratch_floats(int columns) const noexcept {
  constexpr int kBeside = 2;  // low columns beyond the region's share
  const int share = static_cast<int>(std::int64_t{columns} * low_.width / skip_.width) + 1;
  return static_cast<std::size_t>(std::min(low_.width, share + kBeside)) * low_.channels;
}

template <class T>
void JoinedInput<T>::read(const T* low, const T* skip, const Region& region, std::byte* out,
                          float* scratch) const {
  if (quantized_) {
    read_as(low, skip, region, reinterpret_cast<std::uint8_t*>(out), scratch);
  } else {
    read_as(low, skip, region, reinterpret_cast<T*>(out), scratch);
  }
}

template <class T>
template <class Out>
void JoinedInput<T>::read_as(const T* low, const T* skip, const Region& region, Out* out,
                             float* scratch) const {
  const int x0 = std::max(0, region.column);
  const int x1 = std::min(skip_.width, region.column + region.columns);
  const int left = x0 - region.column, right = region.column + region.columns - x1;
  UpsampleJoinRow<T, Out> row;
  row.low_first = columns_.first[x0];
  row.low_width = columns_.second[x1 - 1] - row.low_first + 1;
  row.channels = low_.channels;
  row.columns = {columns_.first.data() + x0, columns_.second.data() + x0,
                 columns_.weight.data() + x0};
  row.skip_channels = skip_.channels;
  row.width = x1 - x0;
  row.out_pitch = pitch_;
  row.scratch = scratch;
  row.factor = quantized_ ? quantized_->factor.data() : nullptr;
  row.zero = quantized_ ? quantized_->zero.data() : nullptr;
  const std::size_t out_row = static_cast<std::size_t>(region.columns) * pitch_;
  for (int i = 0; i < region.rows; ++i, out += out_row) {
    const int y = region.row + i;
    if (y < 0 || y >= skip_.height) {
      fill_outside(out, region.columns, pitch_, quantized_);
      continue;
    }
    fill_outside(out, left, pitch_, quantized_);
    fill_outside(out + out_row - right * pitch_, right, pitch_, quantized_);
    row.out = out + left * pitch_;
    row.upper = low + rows_.first[y] * low_.row();
    row.lower = low + rows_.second[y] * low_.row();
    row.weight = rows_.weight[y];
    row.skip = skip + y * skip_.row() + x0 * skip_.channels;
    run_join(kernels_.of<T>(), row);
  }
}

template class JoinedInput<float>;
template class JoinedInput<BFloat16>;

}  // namespace matting::engine
