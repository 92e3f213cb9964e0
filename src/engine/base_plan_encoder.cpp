// The encoder's and ASPP's steps of a base plan.
#include <algorithm>

#include "engine/base_plan.hpp"
#include "engine/threads.hpp"

namespace matting::engine {
namespace {

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

template <class T>
FeatureMap BasePlan<T>::encode(FeatureMap features[3]) {
  const bool mobile = network_.layers().backbone() == Backbone::kMobileNetV2;
  const FeatureMap x = mobile ? mobilenet(features) : resnet(features);
  stage_ = "aspp";
  return aspp(x);
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
  const std::vector<std::string> names = {block.expand, block.depthwise, block.project};
  if (in_integers(names)) return convolve_in_integers(names, src, block.residual ? &src : nullptr);
  FeatureMap wide = src;
  if (!block.expand.empty()) {
    observe(block.expand, {src});
    wide = convolve(block.expand, src);
  }
  observe(block.depthwise, {wide});
  const FeatureMap filtered = convolve(block.depthwise, wide);
  if (!block.expand.empty()) layout_.release(wide.offset);
  observe(block.project, {filtered});
  FeatureMap out = src;
  if (block.residual) {
    convolve_onto(network_.layers().at(block.project), filtered, src, true);
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
  FeatureMap out = src;
  if (!block.shortcut.empty()) {
    observe(block.shortcut, {src});
    out = in_integers({block.shortcut}) ? convolve_in_integers({block.shortcut}, src, nullptr)
                                        : convolve(block.shortcut, src);
  }
  const std::vector<std::string> names = {block.reduce, block.filter, block.expand};
  if (in_integers(names)) return convolve_in_integers(names, src, &out);
  observe(block.reduce, {src});
  const FeatureMap reduced = convolve(block.reduce, src);
  observe(block.filter, {reduced});
  const FeatureMap filtered = convolve(block.filter, reduced);
  layout_.release(reduced.offset);
  observe(block.expand, {filtered});
  convolve_onto(network_.layers().at(block.expand), filtered, out, true);
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
  pooled_bias(src);
  observe(kAsppBranches, {src});
  if (in_integers({kAsppBranches, kAsppProjection})) return aspp_in_integers(src);
  const Layer& project = network_.layers().at(kAsppProjection);
  const FeatureMap joined = take(src.height, src.width, project.in_channels);
  aspp_branches(src, joined);
  layout_.release(src.offset);
  observe(kAsppProjection, {joined});
  const FeatureMap out = convolve(project, joined);
  layout_.release(joined.offset);
  return out;
}

template <class T>
void BasePlan<T>::aspp_branches(const FeatureMap& src, const FeatureMap& joined) {
  const int channels = joined.channels / kAsppBranchCount;
  for (int i = 0; i < kAsppBranchCount; ++i) {
    const Layer& layer = network_.layers().at(aspp_branch(i));
    if (element_of<T>() == Element::kFloat &&
        DilatedConvolution::pays(layer, src.height, src.width, network_.isa())) {
      convolve_dilated(layer, src, joined, i * channels);
      continue;
    }
    const FeatureMap branch = convolve(layer, src);
    copy_branch(branch, joined, i * channels);
    layout_.release(branch.offset);
  }
}

// Of maps whose T is float, straight to its place among the joined branches.
template <class T>
void BasePlan<T>::convolve_dilated(const Layer& layer, const FeatureMap& src,
                                   const FeatureMap& joined, int at_channel) {
  if (layout_only_) return;
  const auto convolution = std::make_shared<DilatedConvolution>(
      network_.kernels(), layer, network_.tap_weights().of(layer), src.height, src.width);
  add([this, convolution, src, joined, at_channel] {
    parallel_for(convolution->parts(), [&](int part, int) {
      convolution->run(part, floats(src), floats(joined) + at_channel, joined.channels);
    });
  });
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
  const Layer& project = network_.layers().at(kAsppProjection);
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

template FeatureMap BasePlan<float>::encode(FeatureMap[3]);
template FeatureMap BasePlan<BFloat16>::encode(FeatureMap[3]);

}  // namespace matting::engine
