#include "engine/base_plan.hpp"

#include <omp.h>

#include <algorithm>
#include <cstring>

#include "engine/quantization.hpp"
#include "engine/threads.hpp"

namespace matting::engine {
namespace {

template <class T>
constexpr Element element_of() {
  return sizeof(T) == 4 ? Element::kFloat : Element::kBFloat16;
}

// A strip of decoder input should stay in the second-level cache, its output and the weights too.
constexpr std::size_t kStripBytes = 640 << 10;
constexpr int kFewestStrips = 8;
// Channels of 8-bit inputs: a vector of 16 at least, which oneDNN rewards (64 instead of 54 channels
// gave 1,933 instead of 1,223 GOP/s).
constexpr int kIntegerPitch = 16;

int physical(int channels) {
  return (channels + 7) / 8 * 8;
}

// y = activation(W x + b) for one vector.
void multiply(const Layer& layer, const float* x, float* y) {
  for (int o = 0; o < layer.out_channels; ++o) {
    const float* row = layer.weights.data() + static_cast<std::size_t>(o) * layer.in_channels;
    float sum = 0;
#pragma omp simd reduction(+ : sum)
    for (int i = 0; i < layer.in_channels; ++i) sum += row[i] * x[i];
    y[o] = sum;
  }
}

// 3x3, stride 2, padding 1, as in ResNet's stem. All inputs are >= 0.
template <class T>
void max_pool_row(const T* src, int height, int width, int channels, int y, T* dst) {
  const int out_width = (width + 1) / 2;
  for (int x = 0; x < out_width; ++x, dst += channels) {
    for (int c = 0; c < channels; ++c) {
      float largest = 0;
      for (int v = std::max(0, 2 * y - 1); v <= std::min(height - 1, 2 * y + 1); ++v) {
        for (int u = std::max(0, 2 * x - 1); u <= std::min(width - 1, 2 * x + 1); ++u) {
          const T* pixel = src + (static_cast<std::size_t>(v) * width + u) * channels;
          largest = std::max(largest, to_float(pixel[c]));
        }
      }
      dst[c] = from_float<T>(largest);
    }
  }
}

}  // namespace

// Upsampling, joining and convolving in strips of rows, one strip at a time in each thread.
template <class T>
struct BasePlan<T>::Strips {
  FeatureMap low, skip, out;
  BilinearAxis rows, columns;
  int pitch = 0;       // channels of the joined input
  int strip_rows = 0;  // rows of output; the last strip may have fewer
  int count = 0;
  bool last = false;  // decoder.conv4: its output is split at once
  std::string name;
  // Integers: levels instead of T, with a column more on each side, so that what lies beyond the
  // image has the level that stands for 0.
  std::unique_ptr<QuantizedLayer> quantized;
  std::size_t join_bytes = 0, row_scratch_bytes = 0;
  std::vector<std::shared_ptr<Convolution>> whole, rest;  // per thread

  int columns_joined() const { return out.width + (quantized ? 2 : 0); }
  std::size_t joined_element() const { return quantized ? 1 : sizeof(T); }
  std::size_t joined_row() const {
    return joined_element() * pitch * static_cast<std::size_t>(columns_joined());
  }
  int first_row(int index) const { return index * strip_rows; }
  int row_count(int index) const { return std::min(strip_rows, out.height - first_row(index)); }
};

template <class T>
BasePlan<T>::BasePlan(const Network& network, int height, int width, DecoderArithmetic decoder)
    : network_(network),
      height_(height),
      width_(width),
      threads_(omp_get_max_threads()),
      decoder_(decoder) {
  lay_out();
  arena_ = AlignedBlock(layout_.size());
  planes_ = AlignedBlock(5 * plane_floats() * sizeof(float));
  scratch_per_thread_ = aligned(scratch_per_thread_);
  scratch_ = AlignedBlock(std::max(scratch_per_thread_ * threads_, scratch_whole_));
}

template <class T>
BasePlan<T>::BasePlan(const Network& network, int height, int width, int threads, LayoutOnly)
    : network_(network), height_(height), width_(width), threads_(threads), layout_only_(true) {
  lay_out();
}

template <class T>
std::size_t BasePlan<T>::estimate_bytes(const Network& network, int height, int width,
                                        int threads) {
  const BasePlan plan(network, height, width, threads, LayoutOnly{});
  return plan.layout_.size() + 5 * plan.plane_floats() * sizeof(float) +
         plan.scratch_per_thread_ * threads;
}

template <class T>
std::size_t BasePlan<T>::bytes() const noexcept {
  return arena_.size() + planes_.size() + scratch_.size();
}

template <class T>
std::vector<std::string> BasePlan<T>::implementations() const {
  std::vector<std::string> lines;
  for (const auto& [name, convolution] : convolutions_) {
    lines.push_back(name + ": " + convolution->implementation());
  }
  return lines;
}

template <class T>
void BasePlan<T>::run(StageTimes& times) {
  for (const Step& step : steps_) {
    step.run();
    times.lap(step.stage);
  }
}

template <class T>
void BasePlan<T>::lay_out() {
  FeatureMap features[3];  // x3, x2, x1
  input_ = take(height_, width_, kColorPitch);
  const bool mobile = network_.layers().backbone() == Backbone::kMobileNetV2;
  FeatureMap x = mobile ? mobilenet(features) : resnet(features);
  stage_ = "aspp";
  x = aspp(x);
  static constexpr const char* kStages[] = {"decoder 1", "decoder 2", "decoder 3", "decoder 4"};
  for (int i = 0; i < 4; ++i) {
    stage_ = kStages[i];
    const FeatureMap& skip = i < 3 ? features[i] : input_;
    const FeatureMap low = x;
    x = decode("decoder.conv" + std::to_string(i + 1), low, skip, i == 3);
    layout_.release(low.offset);
    if (i < 3) layout_.release(skip.offset);
  }
  coarse_ = x;
}

template <class T>
FeatureMap BasePlan<T>::take(int height, int width, int channels) {
  const std::size_t count = static_cast<std::size_t>(height) * width * channels + kSlack;
  return {layout_.take(count * sizeof(T)), height, width, channels};
}

template <class T>
FeatureMap BasePlan<T>::convolve(const std::string& name, const FeatureMap& src) {
  const Layer& layer = network_.layers().at(name);
  const auto side = [&](int n) {
    return (n + 2 * layer.padding() - (layer.kernel - 1) * layer.dilation - 1) / layer.stride + 1;
  };
  const FeatureMap dst = take(side(src.height), side(src.width), physical(layer.out_channels));
  convolve_onto(name, src, dst, false);
  return dst;
}

template <class T>
void BasePlan<T>::convolve_onto(const std::string& name, const FeatureMap& src,
                                const FeatureMap& dst, bool adds) {
  if (layout_only_) return;
  const Layer& layer = network_.layers().at(name);
  ConvolutionShape shape;
  shape.height = src.height;
  shape.width = src.width;
  shape.in_channels = src.channels;
  shape.out_channels = dst.channels;
  shape.pad_rows = shape.pad_columns = layer.padding();
  shape.src = shape.dst = element_of<T>();
  shape.adds_to_output = adds;
  auto convolution = std::make_shared<Convolution>(layer, shape, network_.packed());
  scratch_whole_ = std::max(scratch_whole_, convolution->scratch_bytes());
  convolutions_.emplace_back(name, convolution);
  const bool pooled = name == "aspp.project.0";
  add([this, convolution, src, dst, pooled] {
    convolution->run(at(src), at(dst), scratch_.data(), pooled ? project_bias_.data() : nullptr);
  });
}

template <class T>
FeatureMap BasePlan<T>::mobilenet(FeatureMap features[3]) {
  FeatureMap x = convolve(network_.layers().stem(), input_);
  const auto& blocks = network_.layers().mobile_blocks();
  int index = 1;
  for (const MobileBlock& block : blocks) {
    const FeatureMap before = x;
    x = mobile_block(block, before);
    const bool kept = index == 2 || index == 4 || index == 7;  // before is a feature map
    if (x.offset != before.offset && !kept) layout_.release(before.offset);
    if (index == 1) features[2] = x;
    if (index == 3) features[1] = x;
    if (index == 6) features[0] = x;
    ++index;
  }
  return x;
}

template <class T>
FeatureMap BasePlan<T>::mobile_block(const MobileBlock& block, const FeatureMap& src) {
  FeatureMap wide = src;
  if (!block.expand.empty()) wide = convolve(block.expand, src);
  const FeatureMap filtered = convolve(block.depthwise, wide);
  if (!block.expand.empty()) layout_.release(wide.offset);
  FeatureMap out = src;
  if (block.residual) {
    convolve_onto(block.project, filtered, src, true);
  } else {
    out = convolve(block.project, filtered);
  }
  layout_.release(filtered.offset);
  return out;
}

template <class T>
FeatureMap BasePlan<T>::resnet(FeatureMap features[3]) {
  features[2] = convolve(network_.layers().stem(), input_);
  FeatureMap x = max_pool(features[2]);
  const auto& stages = network_.layers().bottlenecks();
  for (std::size_t stage = 0; stage < stages.size(); ++stage) {
    for (const Bottleneck& block : stages[stage]) {
      const FeatureMap before = x;
      x = bottleneck(block, before);
      const bool kept = before.offset == features[1].offset || before.offset == features[0].offset;
      if (x.offset != before.offset && !kept) layout_.release(before.offset);
    }
    if (stage == 0) features[1] = x;
    if (stage == 1) features[0] = x;
  }
  return x;
}

template <class T>
FeatureMap BasePlan<T>::bottleneck(const Bottleneck& block, const FeatureMap& src) {
  const FeatureMap reduced = convolve(block.reduce, src);
  const FeatureMap filtered = convolve(block.filter, reduced);
  layout_.release(reduced.offset);
  const FeatureMap out = block.shortcut.empty() ? src : convolve(block.shortcut, src);
  convolve_onto(block.expand, filtered, out, true);
  layout_.release(filtered.offset);
  return out;
}

template <class T>
FeatureMap BasePlan<T>::max_pool(const FeatureMap& src) {
  const FeatureMap dst = take((src.height + 1) / 2, (src.width + 1) / 2, src.channels);
  add([this, src, dst] {
    parallel_for(dst.height, [&](int y, int) {
      max_pool_row(at(src), src.height, src.width, src.channels, y,
                   at(dst) + static_cast<std::size_t>(y) * dst.width * dst.channels);
    });
  });
  return dst;
}

template <class T>
FeatureMap BasePlan<T>::aspp(const FeatureMap& src) {
  constexpr int kBranches = 4;
  pooled_bias(src);
  const int channels = network_.layers().at("aspp.convs.0.0").out_channels;
  const FeatureMap joined = take(src.height, src.width, kBranches * channels);
  for (int i = 0; i < kBranches; ++i) {
    const FeatureMap branch = convolve("aspp.convs." + std::to_string(i) + ".0", src);
    copy_branch(branch, joined, i * channels);
    layout_.release(branch.offset);
  }
  layout_.release(src.offset);
  const FeatureMap out = convolve("aspp.project.0", joined);
  layout_.release(joined.offset);
  return out;
}

template <class T>
void BasePlan<T>::copy_branch(const FeatureMap& branch, const FeatureMap& joined, int at_channel) {
  add([this, branch, joined, at_channel] {
    parallel_for(branch.height, [&](int y, int) {
      const T* from = at(branch) + static_cast<std::size_t>(y) * branch.width * branch.channels;
      T* to = at(joined) + static_cast<std::size_t>(y) * joined.width * joined.channels;
      for (int x = 0; x < branch.width; ++x) {
        std::memcpy(to + at_channel, from, branch.channels * sizeof(T));
        from += branch.channels;
        to += joined.channels;
      }
    });
  });
}

// The pooled branch is one vector for the whole image: it becomes the projection's bias.
template <class T>
void BasePlan<T>::pooled_bias(const FeatureMap& src) {
  const Layer& branch = network_.layers().at("aspp.convs.4.1");
  const Layer& projection = network_.layers().at(kPooledProjection);
  const Layer& project = network_.layers().at("aspp.project.0");
  pooled_sums_.resize(src.channels);
  pooled_.resize(branch.out_channels);
  project_bias_.resize(project.out_channels);
  add([this, src, &branch, &projection, &project] {
    const int count = src.height * src.width;
    std::fill(pooled_sums_.begin(), pooled_sums_.end(), 0.0f);
    network_.kernels().of<T>().sum_pixels(at(src), count, src.channels, pooled_sums_.data());
    for (float& sum : pooled_sums_) sum /= static_cast<float>(count);
    multiply(branch, pooled_sums_.data(), pooled_.data());
    for (std::size_t i = 0; i < pooled_.size(); ++i) {
      pooled_[i] = std::max(0.0f, pooled_[i] + branch.bias[i]);
    }
    multiply(projection, pooled_.data(), project_bias_.data());
    for (std::size_t i = 0; i < project_bias_.size(); ++i) project_bias_[i] += project.bias[i];
  });
}

template <class T>
FeatureMap BasePlan<T>::decode(const std::string& name, const FeatureMap& low,
                               const FeatureMap& skip, bool last) {
  const Layer& layer = network_.layers().at(name);
  auto strips = std::make_shared<Strips>();
  strips->name = name;
  strips->low = low;
  strips->skip = skip;
  strips->rows = bilinear_axis(low.height, skip.height);
  strips->columns = bilinear_axis(low.width, skip.width);
  strips->pitch = low.channels + skip.channels;
  strips->last = last;
  strips->out = take(skip.height, skip.width, last ? kCoarsePitch : physical(layer.out_channels));
  if (decoder_ == DecoderArithmetic::kIntegers) {
    strips->quantized =
        std::make_unique<QuantizedLayer>(layer, network_.layers().calibration().at(name));
    strips->pitch = (strips->pitch + kIntegerPitch - 1) / kIntegerPitch * kIntegerPitch;
    strips->quantized->factor.resize(strips->pitch);
    strips->quantized->zero.resize(strips->pitch);
    strips->quantized->padding.resize(strips->pitch);
  }
  // Not a function of the number of threads: the result must not be either.
  const int most = std::max(2, static_cast<int>(kStripBytes / strips->joined_row()) - 2);
  strips->strip_rows = std::min(most, (skip.height + kFewestStrips - 1) / kFewestStrips);
  strips->count = (skip.height + strips->strip_rows - 1) / strips->strip_rows;
  strips->join_bytes = aligned(strips->joined_row() * (strips->strip_rows + 2));
  strips->row_scratch_bytes = aligned(sizeof(float) * low.width * low.channels);
  if (!layout_only_) make_convolutions(*strips, layer);
  std::size_t bytes = strips->join_bytes + strips->row_scratch_bytes;
  if (!layout_only_) {
    bytes += std::max(strips->whole[0]->scratch_bytes(), strips->rest[0]->scratch_bytes());
  }
  scratch_per_thread_ = std::max(scratch_per_thread_, bytes);
  strips_.push_back(strips);
  add([this, strips] {
    if (observed_) widen_ranges(*strips);
    parallel_for(strips->count,
                 [&](int index, int thread) { run_strip(*strips, index, thread); });
  });
  return strips->out;
}

template <class T>
void BasePlan<T>::make_convolutions(Strips& strips, const Layer& layer) {
  ConvolutionShape shape;
  shape.width = strips.columns_joined();
  shape.in_channels = strips.pitch;
  shape.out_channels = strips.out.channels;
  shape.pad_columns = strips.quantized ? 0 : 1;
  shape.src = strips.quantized ? Element::kUint8 : element_of<T>();
  shape.dst = element_of<T>();
  const Layer& used = strips.quantized ? strips.quantized->layer : layer;
  const ThreadCount one(1);
  for (int thread = 0; thread < threads_; ++thread) {
    shape.height = strips.strip_rows + 2;
    strips.whole.push_back(std::make_shared<Convolution>(used, shape, network_.packed()));
    shape.height = strips.row_count(strips.count - 1) + 2;
    strips.rest.push_back(std::make_shared<Convolution>(used, shape, network_.packed()));
  }
  convolutions_.emplace_back(strips.name, strips.whole[0]);
}

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

// Rows [first - 1, first + count + 1) of the joined input.
template <class T>
template <class Out>
void BasePlan<T>::join_rows(const Strips& strips, int first, int count, std::byte* memory) const {
  const QuantizedLayer* quantized = strips.quantized.get();
  const int columns = strips.columns_joined(), margin = quantized ? 1 : 0;
  UpsampleJoinRow<T, Out> row;
  row.low_width = strips.low.width;
  row.channels = strips.low.channels;
  row.columns = {strips.columns.first.data(), strips.columns.second.data(),
                 strips.columns.weight.data()};
  row.skip_channels = strips.skip.channels;
  row.width = strips.skip.width;
  row.out_pitch = strips.pitch;
  row.scratch = reinterpret_cast<float*>(memory + strips.join_bytes);
  row.factor = quantized ? quantized->factor.data() : nullptr;
  row.zero = quantized ? quantized->zero.data() : nullptr;
  const std::size_t low_row = static_cast<std::size_t>(row.low_width) * row.channels;
  const std::size_t skip_row = static_cast<std::size_t>(row.width) * row.skip_channels;
  for (int i = 0; i < count + 2; ++i) {
    const int y = first - 1 + i;
    Out* joined = reinterpret_cast<Out*>(memory + i * strips.joined_row());
    if (y < 0 || y >= strips.out.height) {
      fill_outside(joined, columns, strips.pitch, quantized);
      continue;
    }
    fill_outside(joined, margin, strips.pitch, quantized);
    fill_outside(joined + (columns - margin) * strips.pitch, margin, strips.pitch, quantized);
    row.out = joined + margin * strips.pitch;
    row.upper = at(strips.low) + strips.rows.first[y] * low_row;
    row.lower = at(strips.low) + strips.rows.second[y] * low_row;
    row.weight = strips.rows.weight[y];
    row.skip = at(strips.skip) + y * skip_row;
    run_join(network_.kernels().of<T>(), row);
  }
}

template <class T>
void BasePlan<T>::run_strip(Strips& strips, int index, int thread) {
  const int first = strips.first_row(index), count = strips.row_count(index);
  auto* memory = static_cast<std::byte*>(scratch(thread));
  if (strips.quantized) {
    join_rows<std::uint8_t>(strips, first, count, memory);
  } else {
    join_rows<T>(strips, first, count, memory);
  }
  Convolution& convolution =
      count == strips.strip_rows ? *strips.whole[thread] : *strips.rest[thread];
  const std::size_t out_row = static_cast<std::size_t>(strips.out.width) * strips.out.channels;
  T* out = at(strips.out) + first * out_row;
  convolution.run(memory, out, memory + strips.join_bytes + strips.row_scratch_bytes);
  if (!strips.last) return;
  const int pixel = first * width_;
  float* planes[5];
  for (int p = 0; p < 5; ++p) planes[p] = const_cast<float*>(plane(p)) + pixel;
  network_.kernels().of<T>().split_coarse(out, count * width_, planes);
}

// Upsampling lies between its inputs, so that their ranges are those of the joined input.
template <class T>
void BasePlan<T>::widen_ranges(const Strips& strips) const {
  const int channels = network_.layers().at(strips.name).in_channels;
  ChannelRanges ranges;
  ranges.low.assign(channels, 0);
  ranges.high.assign(channels, 0);
  int first = 0;
  for (const FeatureMap* map : {&strips.low, &strips.skip}) {
    const T* pixel = at(*map);
    for (int i = 0; i < map->height * map->width; ++i, pixel += map->channels) {
      for (int c = 0; c < std::min(map->channels, channels - first); ++c) {
        const float value = to_float(pixel[c]);
        ranges.low[first + c] = std::min(ranges.low[first + c], value);
        ranges.high[first + c] = std::max(ranges.high[first + c], value);
      }
    }
    first += map->channels;
  }
  (*observed_)[strips.name].include(ranges);
}

template class BasePlan<float>;
template class BasePlan<BFloat16>;

}  // namespace matting::engine
