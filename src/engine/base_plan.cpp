#include "engine/base_plan.hpp"

#include <algorithm>

#include "engine/threads.hpp"

namespace matting::engine {

namespace {

// Bands of a convolution on lent threads. Not a function of their number: oneDNN may sum in another
// order for another height, and the result must not depend on the number of threads.
constexpr int kLentBands = 8;

}  // namespace

template <class T>
BasePlan<T>::BasePlan(const Network& network, int height, int width, bool refines,
                      BaseMethods methods)
    : network_(network),
      height_(height),
      width_(width),
      refines_(refines),
      threads_(team_size()),
      methods_(methods) {
  lay_out();
  arena_ = AlignedBlock(layout_.size());
  planes_ = AlignedBlock(5 * plane_floats() * sizeof(float));
  scratch_per_thread_ = aligned(scratch_per_thread_);
  scratch_ = AlignedBlock(std::max(scratch_per_thread_ * threads_, scratch_whole_));
}

template <class T>
BasePlan<T>::BasePlan(const Network& network, int height, int width, bool refines, int threads,
                      BaseMethods methods, LayoutOnly)
    : network_(network),
      height_(height),
      width_(width),
      refines_(refines),
      threads_(threads),
      methods_(methods),
      layout_only_(true) {
  lay_out();
}

template <class T>
std::size_t BasePlan<T>::estimate_bytes(const Network& network, int height, int width, bool refines,
                                        int threads, BaseMethods methods) {
  const BasePlan plan(network, height, width, refines, threads, methods, LayoutOnly{});
  return plan.layout_.size() + 5 * plan.plane_floats() * sizeof(float) +
         plan.scratch_per_thread_ * threads;
}

template <class T>
std::size_t BasePlan<T>::bytes() const noexcept {
  return arena_.size() + planes_.size() + scratch_.size() + (hidden_ ? hidden_->bytes() : 0);
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
  decode(encode(features), features);
}

template <class T>
FeatureMap BasePlan<T>::take(int height, int width, int channels, Element element) {
  const std::size_t count = static_cast<std::size_t>(height) * width * channels + kSlack;
  return {layout_.take(count * element_bytes(element)), height, width, channels, element};
}

template <class T>
FeatureMap BasePlan<T>::convolve(const std::string& name, const FeatureMap& src) {
  return convolve(network_.layers().at(name), src);
}

template <class T>
FeatureMap BasePlan<T>::convolve(const Layer& layer, const FeatureMap& src, Element out) {
  const auto side = [&](int n) {
    return (n + 2 * layer.padding() - (layer.kernel - 1) * layer.dilation - 1) / layer.stride + 1;
  };
  const FeatureMap dst = take(side(src.height), side(src.width), physical(layer.out_channels), out);
  convolve_onto(layer, src, dst, false);
  return dst;
}

template <class T>
void BasePlan<T>::convolve_onto(const Layer& layer, const FeatureMap& src, const FeatureMap& dst,
                                bool adds) {
  if (layout_only_) return;
  auto bands = std::make_shared<std::vector<Band>>();
  const int count = LentThreads::current() ? std::min(kLentBands, dst.height) : 1;
  for (int i = 0; i < count; ++i) {
    const int first = dst.height * i / count, last = dst.height * (i + 1) / count;
    bands->push_back(make_band(layer, src, dst, first, last, adds));
  }
  const std::shared_ptr<Convolution>& one = bands->front().convolution;
  convolutions_.emplace_back(layer.name, one);
  const bool pooled = layer.name == kAsppProjection;
  const auto run = [this, src, dst, pooled](const Band& band, void* memory) {
    band.convolution->run(bytes_of(src) + band.src_row * src.row_bytes(),
                          bytes_of(dst) + band.dst_row * dst.row_bytes(), memory,
                          pooled ? project_bias_.data() : nullptr);
  };
  if (count == 1) {
    scratch_whole_ = std::max(scratch_whole_, one->scratch_bytes());
    add([this, bands, run] { run(bands->front(), scratch_.data()); });
    return;
  }
  for (const Band& band : *bands) {
    scratch_per_thread_ = std::max(scratch_per_thread_, band.convolution->scratch_bytes());
  }
  add([this, bands, run] {
    parallel_for(static_cast<int>(bands->size()),
                 [&](int i, int thread) { run((*bands)[i], scratch(thread)); });
  });
}

// Rows [first, last) of a convolution's output.
template <class T>
typename BasePlan<T>::Band BasePlan<T>::make_band(const Layer& layer, const FeatureMap& src,
                                                  const FeatureMap& dst, int first, int last,
                                                  bool adds) const {
  const int above = first * layer.stride - layer.padding();
  const int below =
      (last - 1) * layer.stride - layer.padding() + (layer.kernel - 1) * layer.dilation;
  const int begin = std::max(0, above), end = std::min(src.height - 1, below);
  ConvolutionShape shape;
  shape.height = end - begin + 1;
  shape.width = src.width;
  shape.in_channels = src.channels;
  shape.out_channels = dst.channels;
  shape.pad_top = begin - above;
  shape.pad_bottom = below - end;
  shape.pad_columns = layer.padding();
  shape.src = src.element;
  shape.dst = dst.element;
  shape.adds_to_output = adds;
  return {std::make_shared<Convolution>(layer, shape, network_.packed()), begin, first};
}

template <class T>
const T* BasePlan<T>::features(const std::vector<std::int32_t>& blocks) {
  if (hidden_) hidden_->run(at(decoded_), at(input_), at(maps_), blocks, at(coarse_));
  return at(coarse_);
}

template class BasePlan<float>;
template class BasePlan<BFloat16>;

}  // namespace matting::engine
