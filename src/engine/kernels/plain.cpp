// The plain version of every kernel: portable, readable, and what the fast ones are compared with.
#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/kernels/kernels.hpp"

namespace matting::engine {
namespace {

float clamp01(float value) {
  return std::min(1.0f, std::max(0.0f, value));
}

template <class Pixel, int kChannels>
void load(const void* pixels, int count, float* const planes[3]) {
  constexpr float kScale = 1.0f / std::numeric_limits<Pixel>::max();
  const auto* from = static_cast<const Pixel*>(pixels);
  for (int i = 0; i < count; ++i) {
    for (int c = 0; c < std::min(kChannels, 3); ++c)
      planes[c][i] = from[i * kChannels + c] * kScale;
  }
}

template <class Pixel, int kChannels>
void store(const float* const planes[4], int count, void* pixels) {
  constexpr float kLevels = std::numeric_limits<Pixel>::max();
  auto* to = static_cast<Pixel*>(pixels);
  for (int i = 0; i < count; ++i) {
    for (int c = 0; c < kChannels; ++c) {
      to[i * kChannels + c] = static_cast<Pixel>(std::lrint(clamp01(planes[c][i]) * kLevels));
    }
  }
}

void mix(const float* a, const float* b, float weight, int count, float* out) {
  for (int i = 0; i < count; ++i) out[i] = a[i] + (b[i] - a[i]) * weight;
}

void resize(const float* const* in, int planes, const Columns& columns, int count,
            float* const* out) {
  for (int p = 0; p < planes; ++p) {
    for (int x = 0; x < count; ++x) {
      const float left = in[p][columns.first[x]], right = in[p][columns.second[x]];
      out[p][x] = left + (right - left) * columns.weight[x];
    }
  }
}

void finish(float* alpha, float* const color[3], const float* const image[3],
            const std::uint8_t* mask, int count) {
  for (int i = 0; i < count; ++i) {
    const bool background = mask && mask[i] == 0, foreground = mask && mask[i] == 255;
    alpha[i] = background ? 0.0f : foreground ? 1.0f : clamp01(alpha[i]);
    for (int c = 0; c < 3; ++c) {
      color[c][i] = foreground ? image[c][i] : clamp01(color[c][i] + image[c][i]);
    }
  }
}

void compose(const float* alpha, const float* color, const float* background, int count,
             float* out) {
  for (int i = 0; i < count; ++i) out[i] = background[i] + (color[i] - background[i]) * alpha[i];
}

void cut_out(const float* alpha, const float* color, float levels, int count, float* out) {
  for (int i = 0; i < count; ++i) out[i] = alpha[i] * levels > 0.5f ? color[i] : 0.0f;
}

// Tap (i, j) of upsampled column x, without its weight for rows beyond the image.
float tap(const TapRow& row, int i, int j, int x, int channel) {
  const auto vertical = [&](int column) {
    const std::size_t at = (static_cast<std::size_t>(column) * 9 + 3 * i + j) * row.channels;
    const float a = row.rows[i].upper[at + channel], b = row.rows[i].lower[at + channel];
    return a + (b - a) * row.rows[i].weight;
  };
  const float left = vertical(row.columns.first[x]), right = vertical(row.columns.second[x]);
  return left + (right - left) * row.columns.weight[x];
}

void add_taps(const TapRow& row) {
  for (int x = 0; x < row.width; ++x) {
    for (int c = 0; c < row.channels; ++c) {
      float sum = row.out[x * row.channels + c];
      for (int i = 0; i < 3; ++i) {
        for (int j = std::max(0, 1 - x); j < std::min(3, row.width + 1 - x); ++j) {
          sum += tap(row, i, j, x + j - 1, c) * row.rows[i].inside;
        }
      }
      row.out[x * row.channels + c] = row.rectified ? std::max(0.0f, sum) : sum;
    }
  }
}

void add_products(const PixelProducts& products) {
  for (int p = 0; p < products.count; ++p) {
    for (int o = 0; o < kProductOutputs; ++o) {
      float sum = products.out[p * products.out_pitch + o];
      for (int i = 0; i < products.channels; ++i) {
        sum += products.in[p * products.channels + i] * products.weights[i * kProductOutputs + o];
      }
      products.out[p * products.out_pitch + o] = sum;
    }
  }
}

template <class T>
void interleave(const float* const planes[6], int count, T* out) {
  for (int i = 0; i < count; ++i) {
    for (int c = 0; c < kColorPitch; ++c) {
      out[i * kColorPitch + c] = from_float<T>(c < 6 ? planes[c][i] : 0.0f);
    }
  }
}

// Channel c of pixel x of the upsampled part.
template <class T, class Out>
float upsampled(const UpsampleJoinRow<T, Out>& row, int x, int c) {
  const auto vertical = [&](int column) {
    const std::size_t at = static_cast<std::size_t>(column) * row.channels + c;
    const float a = to_float(row.upper[at]), b = to_float(row.lower[at]);
    return a + (b - a) * row.weight;
  };
  const float left = vertical(row.columns.first[x]), right = vertical(row.columns.second[x]);
  return left + (right - left) * row.columns.weight[x];
}

template <class T>
void upsample_join(const UpsampleJoinRow<T>& row) {
  for (int x = 0; x < row.width; ++x) {
    T* out = row.out + static_cast<std::size_t>(x) * row.out_pitch;
    for (int c = 0; c < row.channels; ++c) out[c] = from_float<T>(upsampled(row, x, c));
    out += row.channels;
    std::copy_n(row.skip + static_cast<std::size_t>(x) * row.skip_channels, row.skip_channels, out);
    std::fill(out + row.skip_channels, out + row.out_pitch - row.channels, from_float<T>(0.0f));
  }
}

std::uint8_t level_of(float value, float factor, float zero) {
  const float level = std::nearbyint(value * factor + zero);
  return static_cast<std::uint8_t>(std::min(255.0f, std::max(0.0f, level)));
}

template <class T>
void quantize(const T* pixels, int count, int channels, const float* factor, const float* zero,
              std::uint8_t* out, int out_pitch) {
  for (int i = 0; i < count; ++i, pixels += channels, out += out_pitch) {
    for (int c = 0; c < channels; ++c) out[c] = level_of(to_float(pixels[c]), factor[c], zero[c]);
  }
}

template <class T>
void upsample_join_integer(const UpsampleJoinRow<T, std::uint8_t>& row) {
  for (int x = 0; x < row.width; ++x) {
    std::uint8_t* out = row.out + static_cast<std::size_t>(x) * row.out_pitch;
    const T* skip = row.skip + static_cast<std::size_t>(x) * row.skip_channels;
    for (int c = 0; c < row.channels; ++c) {
      out[c] = level_of(upsampled(row, x, c), row.factor[c], row.zero[c]);
    }
    quantize(skip, 1, row.skip_channels, row.factor + row.channels, row.zero + row.channels,
             out + row.channels, row.out_pitch);
    std::fill(out + row.channels + row.skip_channels, out + row.out_pitch, std::uint8_t{0});
  }
}

template <class T>
void split_coarse(T* pixels, int hidden, int count, float* const planes[5]) {
  for (int i = 0; i < count; ++i, pixels += hidden + kMapPitch) {
    for (int c = 0; c < hidden; ++c) pixels[c] = from_float<T>(std::max(0.0f, to_float(pixels[c])));
    T* const maps = pixels + hidden;
    const float alpha = clamp01(to_float(maps[0]));
    maps[0] = from_float<T>(alpha);
    planes[0][i] = alpha;
    for (int c = 1; c < 4; ++c) planes[c][i] = to_float(maps[c]);
    planes[4][i] = clamp01(to_float(maps[4]));
  }
}

template <class T>
float half_channel(const HalfRow<T>& row, int x, int c) {
  const auto vertical = [&](int column) {
    const float a = to_float(row.upper[column * kCoarsePitch + c]);
    const float b = to_float(row.lower[column * kCoarsePitch + c]);
    return a + (b - a) * row.weight;
  };
  const float left = vertical(row.columns.first[x]), right = vertical(row.columns.second[x]);
  return left + (right - left) * row.columns.weight[x];
}

template <class T>
void gather_half(const HalfRow<T>& row) {
  constexpr int kMaps = 36;
  for (int x = 0; x < row.count; ++x) {
    T* out = row.out + x * kHalfPitch;
    for (int c = 0; c < kMaps; ++c) out[c] = from_float<T>(half_channel(row, x, c));
    const float* above = row.color0 + 2 * x * kColorPitch;
    const float* below = row.color1 + 2 * x * kColorPitch;
    for (int c = 0; c < kColorPitch; ++c) {
      const float sum = above[c] + above[c + kColorPitch] + below[c] + below[c + kColorPitch];
      out[kMaps + c] = from_float<T>(sum * 0.25f);
    }
    std::fill(out + kMaps + kColorPitch, out + kHalfPitch, from_float<T>(0.0f));
  }
}

template <class T>
void gather_full(const T* features, const float* color, int count, T* out) {
  for (int i = 0; i < count; ++i, out += kFullPitch) {
    std::copy_n(features + i / 2 * kHalfFeatures, kHalfFeatures, out);
    for (int c = 0; c < kColorPitch; ++c) {
      out[kHalfFeatures + c] = from_float<T>(color[i * kColorPitch + c]);
    }
  }
}

template <class T>
void sum_pixels(const T* pixels, int count, int channels, float* sums) {
  for (int i = 0; i < count; ++i) {
    for (int c = 0; c < channels; ++c) sums[c] += to_float(*pixels++);
  }
}

template <class T>
constexpr ElementKernels<T> element_kernels() {
  return {interleave<T>,   upsample_join<T>, upsample_join_integer<T>, quantize<T>,
          split_coarse<T>, gather_half<T>,   gather_full<T>,           sum_pixels<T>};
}

}  // namespace

const Kernels& plain_kernels() {
  using Byte = std::uint8_t;
  using Word = std::uint16_t;
  static const Kernels kernels = {
      "plain",
      {load<Byte, 1>, load<Byte, 3>, load<Byte, 4>, load<Word, 1>, load<Word, 3>, load<Word, 4>},
      {store<Byte, 1>, store<Byte, 3>, store<Byte, 4>, store<Word, 1>, store<Word, 3>,
       store<Word, 4>},
      mix,
      resize,
      finish,
      compose,
      cut_out,
      add_taps,
      add_products,
      element_kernels<float>(),
      element_kernels<BFloat16>()};
  return kernels;
}

}  // namespace matting::engine
