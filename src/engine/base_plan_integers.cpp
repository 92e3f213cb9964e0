// A base plan's steps in 8-bit integers (a joined decoder's are JoinedConvolution's), and the
// ranges that they need.
#include <algorithm>

#include "engine/base_plan.hpp"
#include "engine/threads.hpp"

namespace matting::engine {
namespace {

constexpr int kSide = 3, kTaps = kSide * kSide;  // of convolutions that reach beyond the image

// A bias takes the zeros of all taps away, but a tap beyond the image reads no zero: there they are
// to be added again. Sums for each way in which rows and columns of taps can lie beyond; a way's
// bits: first row, last row, first column, last column.
class ZerosBeyond {
 public:
  explicit ZerosBeyond(const QuantizedLayer& quantized)
      : dilation_(quantized.layer.dilation),
        outputs_(quantized.layer.out_channels),
        sums_(kWays * outputs_) {
    const Layer& layer = quantized.layer;
    const std::size_t per_output = static_cast<std::size_t>(layer.in_channels) * kTaps;
    for (int o = 0; o < layer.out_channels; ++o) {
      float taps[kTaps] = {};
      const float* weights = layer.weights.data() + o * per_output;
      for (const float zero : quantized.zero) {
        for (int tap = 0; tap < kTaps; ++tap) taps[tap] += *weights++ * zero;
      }
      for (int way = 0; way < kWays; ++way) {
        for (int tap = 0; tap < kTaps; ++tap) {
          if (lies_beyond(way, tap)) sums_[way * outputs_ + o] += taps[tap];
        }
      }
    }
  }

  int outputs() const noexcept { return outputs_; }
  const float* of(int y, int x, int height, int width) const {
    const int way = (y < dilation_) | (y + dilation_ >= height) << 1 | (x < dilation_) << 2 |
                    (x + dilation_ >= width) << 3;
    return sums_.data() + static_cast<std::size_t>(way) * outputs_;
  }

 private:
  static constexpr int kWays = 16;

  static bool lies_beyond(int way, int tap) {
    const int row = tap / kSide, column = tap % kSide;
    return (row == 0 && way & 1) || (row == kSide - 1 && way & 2) || (column == 0 && way & 4) ||
           (column == kSide - 1 && way & 8);
  }

  int dilation_, outputs_;
  std::vector<float> sums_;
};

}  // namespace

template <class T>
bool BasePlan<T>::in_integers(const std::vector<std::string>& names) const {
  return methods_.integers && network_.layers().uncalibrated(names) == 0;
}

// src in levels with a factor and a zero of each channel, from this channel of `levels` on.
template <class T>
void BasePlan<T>::quantize(const FeatureMap& src, std::vector<float> factor,
                           std::vector<float> zero, const FeatureMap& levels, int at_channel) {
  factor.resize(src.channels);
  zero.resize(src.channels);
  add([this, src, factor, zero, levels, at_channel] {
    parallel_for(src.height, [&](int y, int) {
      const std::byte* row = bytes_of(src) + y * src.row_bytes();
      auto* out = reinterpret_cast<std::uint8_t*>(bytes_of(levels)) + y * levels.row() + at_channel;
      const Kernels& kernels = network_.kernels();
      if (src.element == Element::kFloat) {
        kernels.of_float.quantize(reinterpret_cast<const float*>(row), src.width, src.channels,
                                  factor.data(), zero.data(), out, levels.channels);
      } else {
        kernels.of_bfloat16.quantize(reinterpret_cast<const BFloat16*>(row), src.width,
                                     src.channels, factor.data(), zero.data(), out,
                                     levels.channels);
      }
    });
  });
}

template <class T>
FeatureMap BasePlan<T>::convolve_in_integers(const std::vector<std::string>& names,
                                             const FeatureMap& src, const FeatureMap* onto) {
  FeatureMap x = take(src.height, src.width, src.channels, Element::kUint8);
  for (std::size_t i = 0; i < names.size(); ++i) {
    const bool last = i + 1 == names.size();
    ChannelRanges ranges = calibration().at(names[i]);
    if (i > 0) ranges.low.assign(ranges.low.size(), 0);  // levels that the layer before gave
    const QuantizedLayer layer(network_.layers().at(names[i]), ranges,
                               last ? nullptr : &calibration().at(names[i + 1]));
    if (i == 0) quantize(src, layer.factor, layer.zero, x, 0);
    FeatureMap out;
    if (!last) {
      out = convolve(layer.layer, x, Element::kUint8);
    } else if (onto) {
      out = *onto;
      convolve_onto(layer.layer, x, out, true);
    } else {
      out = convolve(layer.layer, x);
    }
    layout_.release(x.offset);
    x = out;
  }
  return x;
}

// To floats, whether or not the levels' zeros are 0. Stride 1.
template <class T>
FeatureMap BasePlan<T>::convolve_levels(const QuantizedLayer& quantized, const FeatureMap& levels) {
  const int channels = physical(quantized.layer.out_channels);
  const FeatureMap out = take(levels.height, levels.width, channels, Element::kFloat);
  const bool reaches_beyond = quantized.layer.kernel > 1;
  if (reaches_beyond) {
    add([this, out, zeros = ZerosBeyond(quantized)] {
      parallel_for(out.height, [&](int y, int) {
        float* pixel = floats(out) + y * out.row();
        for (int x = 0; x < out.width; ++x, pixel += out.channels) {
          std::copy_n(zeros.of(y, x, out.height, out.width), zeros.outputs(), pixel);
        }
      });
    });
  }
  convolve_onto(quantized.layer, levels, out, reaches_beyond);
  return out;
}

template <class T>
FeatureMap BasePlan<T>::convolve_in_integers(const Layer& layer, const ChannelRanges& ranges,
                                             const FeatureMap& src) {
  const QuantizedLayer quantized(layer, ranges);
  const FeatureMap levels = take(src.height, src.width, src.channels, Element::kUint8);
  quantize(src, quantized.factor, quantized.zero, levels, 0);
  const FeatureMap out = convolve_levels(quantized, levels);
  layout_.release(levels.offset);
  return out;
}

template <class T>
FeatureMap BasePlan<T>::aspp_in_integers(const FeatureMap& src) {
  const QuantizedLayer project(network_.layers().at(kAsppProjection),
                               calibration().at(kAsppProjection));
  const FeatureMap joined = take(src.height, src.width, project.layer.in_channels, Element::kUint8);
  const FeatureMap levels = take(src.height, src.width, src.channels, Element::kUint8);
  const int channels = joined.channels / kAsppBranchCount;
  for (int i = 0; i < kAsppBranchCount; ++i) {
    const Layer& plain = network_.layers().at(aspp_branch(i));
    const QuantizedLayer branch(plain, calibration().at(kAsppBranches));
    if (i == 0) quantize(src, branch.factor, branch.zero, levels, 0);
    const FeatureMap out = convolve_levels(branch, levels);
    const auto of_branch = [&](const std::vector<float>& values) {
      return std::vector<float>(values.begin() + i * channels, values.begin() + (i + 1) * channels);
    };
    quantize(out, of_branch(project.factor), of_branch(project.zero), joined, i * channels);
    layout_.release(out.offset);
  }
  layout_.release(levels.offset);
  layout_.release(src.offset);
  const FeatureMap out = convolve(project.layer, joined);
  layout_.release(joined.offset);
  return out;
}

template <class T>
void BasePlan<T>::observe(const std::string& name, const std::vector<FeatureMap>& maps) {
  add([this, name, maps] { widen_ranges(name, maps); });
}

// The decoder's upsampling lies between its inputs, so that their ranges are those of the joined
// input.
template <class T>
void BasePlan<T>::widen_ranges(const std::string& name, const std::vector<FeatureMap>& maps) const {
  if (!observed_) return;
  const int channels = network_.layers().at(name).in_channels;
  ChannelRanges ranges;
  ranges.low.assign(channels, 0);
  ranges.high.assign(channels, 0);
  int first = 0;
  for (const FeatureMap& map : maps) {
    const T* pixel = at(map);
    for (int i = 0; i < map.height * map.width; ++i, pixel += map.channels) {
      for (int c = 0; c < std::min(map.channels, channels - first); ++c) {
        const float value = to_float(pixel[c]);
        ranges.low[first + c] = std::min(ranges.low[first + c], value);
        ranges.high[first + c] = std::max(ranges.high[first + c], value);
      }
    }
    first += map.channels;
  }
  (*observed_)[name].include(ranges);
}

template bool BasePlan<float>::in_integers(const std::vector<std::string>&) const;
template FeatureMap BasePlan<float>::convolve_in_integers(const std::vector<std::string>&,
                                                          const FeatureMap&, const FeatureMap*);
template FeatureMap BasePlan<float>::convolve_in_integers(const Layer&, const ChannelRanges&,
                                                          const FeatureMap&);
template FeatureMap BasePlan<float>::aspp_in_integers(const FeatureMap&);
template void BasePlan<float>::observe(const std::string&, const std::vector<FeatureMap>&);
template bool BasePlan<BFloat16>::in_integers(const std::vector<std::string>&) const;
template FeatureMap BasePlan<BFloat16>::convolve_in_integers(const std::vector<std::string>&,
                                                             const FeatureMap&, const FeatureMap*);
template FeatureMap BasePlan<BFloat16>::convolve_in_integers(const Layer&, const ChannelRanges&,
                                                             const FeatureMap&);
template FeatureMap BasePlan<BFloat16>::aspp_in_integers(const FeatureMap&);
template void BasePlan<BFloat16>::observe(const std::string&, const std::vector<FeatureMap>&);

}  // namespace matting::engine
