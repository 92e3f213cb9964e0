#include "engine/onednn.hpp"

#include <algorithm>
#include <cmath>
#include <dnnl.hpp>
#include <mutex>
#include <vector>

#include "engine/quantization.hpp"
#include "infer_background_matting/error.hpp"

#if DNNL_VERSION_MAJOR < 2
#error "oneDNN 2.6 or newer is needed"
#endif

namespace matting::engine {
namespace {

using dnnl::memory;

const dnnl::engine& cpu_engine() {
  static const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  return engine;
}

memory::data_type data_type(Element element) {
  switch (element) {
    case Element::kFloat:
      return memory::data_type::f32;
    case Element::kBFloat16:
      return memory::data_type::bf16;
    case Element::kUint8:
      return memory::data_type::u8;
    case Element::kInt8:
      return memory::data_type::s8;
  }
  return memory::data_type::undef;
}

bool is_integer(Element element) {
  return element == Element::kUint8 || element == Element::kInt8;
}

dnnl::cpu_isa limit_value(Isa isa) {
  switch (isa) {
    case Isa::kSse41:
      return dnnl::cpu_isa::sse41;
    case Isa::kAvx2:
      return dnnl::cpu_isa::avx2;
    case Isa::kAvx512:
      return dnnl::cpu_isa::avx512_core;
    case Isa::kAvx512Vnni:
      return dnnl::cpu_isa::avx512_core_vnni;
    case Isa::kAvx512Bf16:
      return dnnl::cpu_isa::avx512_core_bf16;
    case Isa::kAvx512Amx:
      return dnnl::cpu_isa::avx512_core_amx;
  }
  return dnnl::cpu_isa::sse41;
}

// Levels are sets of bits, so that a level this file has no name for counts as those within it.
bool includes(dnnl::cpu_isa level, dnnl::cpu_isa part) {
  const auto all = static_cast<unsigned>(level), wanted = static_cast<unsigned>(part);
  return (all & wanted) == wanted;
}

// Of a layer's weights for one output channel.
std::size_t weights_per_output(const Layer& layer) {
  return layer.weights.size() / static_cast<std::size_t>(layer.out_channels);
}

// Units of integer weights, per output channel. Ones for other types.
std::vector<float> weight_scales(const Layer& layer, const ConvolutionShape& shape) {
  std::vector<float> scales(shape.out_channels, 1.0f);
  if (!is_integer(shape.src)) return scales;
  const std::size_t count = weights_per_output(layer);
  for (int o = 0; o < layer.out_channels; ++o) {
    scales[o] = weight_unit(layer.weights.data() + o * count, count);
  }
  return scales;
}

// In the user's order (o, i, h, w), padded with zeros to the physical channels.
std::vector<float> padded_weights(const Layer& layer, const ConvolutionShape& shape) {
  const std::size_t count = weights_per_output(layer);
  const std::size_t taps = static_cast<std::size_t>(layer.kernel) * layer.kernel;
  const std::size_t pitch = layer.groups > 1 ? count : shape.in_channels * taps;
  std::vector<float> padded(shape.out_channels * pitch);
  for (int o = 0; o < layer.out_channels; ++o) {
    std::copy_n(layer.weights.begin() + o * count, count, padded.begin() + o * pitch);
  }
  return padded;
}

memory::dims weight_dims(const Layer& layer, const ConvolutionShape& shape) {
  const memory::dim k = layer.kernel;
  if (layer.groups > 1) return {shape.out_channels, 1, 1, k, k};
  return {shape.out_channels, shape.in_channels, k, k};
}

memory::format_tag weight_tag(const Layer& layer) {
  return layer.groups > 1 ? memory::format_tag::goihw : memory::format_tag::oihw;
}

// padding: of both ends.
int output_side(int side, int padding, const Layer& layer) {
  const int reach = (layer.kernel - 1) * layer.dilation + 1;
  return (side + padding - reach) / layer.stride + 1;
}

#if DNNL_VERSION_MAJOR >= 3
void append_activation(dnnl::post_ops& ops, Activation activation, float dst_scale) {
  const float six = 6.0f / dst_scale;
  if (activation == Activation::kRelu) ops.append_eltwise(dnnl::algorithm::eltwise_relu, 0, 0);
  if (activation == Activation::kRelu6) ops.append_eltwise(dnnl::algorithm::eltwise_clip, 0, six);
}
#else
void append_activation(dnnl::post_ops& ops, Activation activation, float dst_scale) {
  const float six = 6.0f / dst_scale;
  if (activation == Activation::kRelu) ops.append_eltwise(1, dnnl::algorithm::eltwise_relu, 0, 0);
  if (activation == Activation::kRelu6) {
    ops.append_eltwise(1, dnnl::algorithm::eltwise_clip, 0, six);
  }
}

// What an integer accumulator is multiplied with, per output channel.
std::vector<float> accumulator_scales(const ConvolutionShape& shape, std::vector<float> scales) {
  for (float& scale : scales) scale *= shape.src_scale / shape.dst_scale;
  return scales;
}
#endif

dnnl::primitive_attr attributes(const Layer& layer, const ConvolutionShape& shape,
                                const std::vector<float>& scales) {
  dnnl::primitive_attr attr;
  dnnl::post_ops ops;
  if (shape.adds_to_output) ops.append_sum(1.0f);
#if DNNL_VERSION_MAJOR >= 3
  (void)scales;
  if (is_integer(shape.src)) {
    attr.set_scales_mask(DNNL_ARG_SRC, 0);
    attr.set_scales_mask(DNNL_ARG_WEIGHTS, layer.groups > 1 ? 3 : 1);
    if (is_integer(shape.dst)) attr.set_scales_mask(DNNL_ARG_DST, 0);
  }
  append_activation(ops, layer.activation, 1.0f);
#else
  if (is_integer(shape.src)) attr.set_output_scales(1 << 1, accumulator_scales(shape, scales));
  append_activation(ops, layer.activation, shape.dst_scale);
#endif
  attr.set_post_ops(ops);
  attr.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  return attr;
}

dnnl::convolution_forward::primitive_desc describe(const Layer& layer,
                                                   const ConvolutionShape& shape,
                                                   const std::vector<float>& scales) {
  using Tag = memory::format_tag;
  const memory::dims src_dims = {shape.batch, shape.in_channels, shape.height, shape.width};
  const memory::dims dst_dims = {shape.batch, shape.out_channels,
                                 output_side(shape.height, shape.pad_top + shape.pad_bottom, layer),
                                 output_side(shape.width, 2 * shape.pad_columns, layer)};
  const Element weight_element = is_integer(shape.src) ? Element::kInt8 : shape.src;
  const memory::desc src(src_dims, data_type(shape.src), Tag::nhwc);
  const memory::desc dst(dst_dims, data_type(shape.dst), Tag::nhwc);
  const memory::desc weights(weight_dims(layer, shape), data_type(weight_element), Tag::any);
  const memory::desc bias({shape.out_channels}, memory::data_type::f32, Tag::x);
  const memory::dims strides = {layer.stride, layer.stride};
  const memory::dims dilates = {layer.dilation - 1, layer.dilation - 1};
  const memory::dims before = {shape.pad_top, shape.pad_columns};
  const memory::dims after = {shape.pad_bottom, shape.pad_columns};
  const auto attr = attributes(layer, shape, scales);
  constexpr auto kKind = dnnl::prop_kind::forward_inference;
  constexpr auto kAlgorithm = dnnl::algorithm::convolution_direct;
#if DNNL_VERSION_MAJOR >= 3
  return {cpu_engine(), kKind,   kAlgorithm, src,    weights, bias,
          dst,          strides, dilates,    before, after,   attr};
#else
  const dnnl::convolution_forward::desc desc(kKind, kAlgorithm, src, weights, bias, dst, strides,
                                             dilates, before, after);
  return {desc, attr, cpu_engine()};
#endif
}

memory pack(const Layer& layer, const ConvolutionShape& shape, const std::vector<float>& scales,
            const memory::desc& packed_desc) {
  std::vector<float> plain = padded_weights(layer, shape);
  if (is_integer(shape.src)) {
    const std::size_t per_output = plain.size() / scales.size();
    for (std::size_t o = 0; o < scales.size(); ++o) {
      float* const weights = plain.data() + o * per_output;
#pragma omp simd
      for (std::size_t i = 0; i < per_output; ++i) weights[i] = rounded(weights[i] / scales[o]);
    }
  }
  const memory::desc plain_desc(weight_dims(layer, shape), memory::data_type::f32,
                                weight_tag(layer));
  memory from(plain_desc, cpu_engine(), plain.data()), to(packed_desc, cpu_engine());
  dnnl::stream stream(cpu_engine());
  dnnl::reorder(from, to).execute(stream, from, to);
  stream.wait();
  return to;
}

// A bias's unit, per output channel: version 2 adds it to the integer accumulator, before that is
// scaled.
std::vector<float> bias_units(const ConvolutionShape& shape, std::vector<float> scales) {
  const bool scaled = DNNL_VERSION_MAJOR < 3 && is_integer(shape.src);
  for (float& scale : scales) scale = scaled ? scale * shape.src_scale : 1.0f;
  return scales;
}

}  // namespace

Isa onednn_limit_isa(std::optional<Isa> limit) {
  // Fails if a primitive exists already; the level in force, read below, is the truth either way.
  if (limit) (void)dnnl_set_max_cpu_isa(static_cast<dnnl_cpu_isa_t>(limit_value(*limit)));
  const dnnl::cpu_isa level = dnnl::get_effective_cpu_isa();
  Isa found = Isa::kSse41;
  for (Isa isa : {Isa::kAvx2, Isa::kAvx512, Isa::kAvx512Vnni, Isa::kAvx512Bf16, Isa::kAvx512Amx}) {
    if (includes(level, limit_value(isa))) found = isa;
  }
  return found;
}

std::string onednn_version() {
  const dnnl_version_t* version = dnnl::version();
  return std::to_string(version->major) + "." + std::to_string(version->minor) + "." +
         std::to_string(version->patch);
}

struct PackedWeights::State {
  struct Entry {
    std::string layer;
    memory::desc desc;
    memory weights;
  };
  mutable std::mutex mutex;
  std::vector<Entry> entries;

  memory get(const Layer& layer, const ConvolutionShape& shape, const std::vector<float>& scales,
             const memory::desc& desc) {
    const std::lock_guard<std::mutex> lock(mutex);
    for (const Entry& entry : entries) {
      if (entry.layer == layer.name && entry.desc == desc) return entry.weights;
    }
    entries.push_back({layer.name, desc, pack(layer, shape, scales, desc)});
    return entries.back().weights;
  }
};

PackedWeights::PackedWeights() : state_(std::make_unique<State>()) {}
PackedWeights::~PackedWeights() = default;

std::size_t PackedWeights::bytes() const {
  const std::lock_guard<std::mutex> lock(state_->mutex);
  std::size_t sum = 0;
  for (const auto& entry : state_->entries) sum += entry.desc.get_size();
  return sum;
}

struct Convolution::State {
  dnnl::convolution_forward primitive;
  std::string implementation;
  dnnl::stream stream;
  memory src, weights, bias, dst, scratch;
  std::vector<float> bias_values, given_bias, bias_unit;
  int out_height = 0, out_width = 0;
  double gflop = 0;
#if DNNL_VERSION_MAJOR >= 3
  memory src_scale, weight_scale, dst_scale;
  std::vector<float> scale_values;
#endif
  dnnl_exec_arg_t arguments[8];
  int argument_count = 0;

  void add(int which, const memory& value) { arguments[argument_count++] = {which, value.get()}; }
  // For count outputs; those behind have none.
  void set_bias(const float* values, std::size_t count, std::vector<float>* bias) const {
    bias->resize(bias_unit.size());
    for (std::size_t o = 0; o < count; ++o) (*bias)[o] = values[o] / bias_unit[o];
  }
};

Convolution::Convolution(const Layer& layer, const ConvolutionShape& shape, PackedWeights& packed)
    : state_(std::make_unique<State>()) {
  try {
    const std::vector<float> scales = weight_scales(layer, shape);
    const auto desc = describe(layer, shape, scales);
    State& s = *state_;
    s.primitive = dnnl::convolution_forward(desc);
    s.implementation = desc.impl_info_str();
    s.stream = dnnl::stream(cpu_engine());
    s.weights = packed.state_->get(layer, shape, scales, desc.weights_desc());
    s.bias_unit = bias_units(shape, scales);
    s.set_bias(layer.bias.data(), layer.bias.size(), &s.bias_values);
    s.given_bias = s.bias_values;
    s.src = memory(desc.src_desc(), cpu_engine(), nullptr);
    s.dst = memory(desc.dst_desc(), cpu_engine(), nullptr);
    s.bias = memory(desc.bias_desc(), cpu_engine(), s.bias_values.data());
    s.scratch = memory(desc.scratchpad_desc(), cpu_engine(), nullptr);
    s.out_height = output_side(shape.height, shape.pad_top + shape.pad_bottom, layer);
    s.out_width = output_side(shape.width, 2 * shape.pad_columns, layer);
    s.gflop = 2e-9 * shape.batch * s.out_height * s.out_width * layer.out_channels *
              (layer.in_channels / layer.groups) * layer.kernel * layer.kernel;
    s.add(DNNL_ARG_SRC, s.src);
    s.add(DNNL_ARG_WEIGHTS, s.weights);
    s.add(DNNL_ARG_BIAS, s.bias);
    s.add(DNNL_ARG_DST, s.dst);
    s.add(DNNL_ARG_SCRATCHPAD, s.scratch);
#if DNNL_VERSION_MAJOR >= 3
    if (is_integer(shape.src)) {
      s.scale_values = scales;
      s.scale_values.push_back(shape.src_scale);
      s.scale_values.push_back(shape.dst_scale);
      float* values = s.scale_values.data();
      const memory::desc one({1}, memory::data_type::f32, memory::format_tag::x);
      s.weight_scale = memory(desc.bias_desc(), cpu_engine(), values);
      s.src_scale = memory(one, cpu_engine(), values + shape.out_channels);
      s.dst_scale = memory(one, cpu_engine(), values + shape.out_channels + 1);
      s.add(DNNL_ARG_ATTR_SCALES | DNNL_ARG_WEIGHTS, s.weight_scale);
      s.add(DNNL_ARG_ATTR_SCALES | DNNL_ARG_SRC, s.src_scale);
      if (is_integer(shape.dst)) s.add(DNNL_ARG_ATTR_SCALES | DNNL_ARG_DST, s.dst_scale);
    }
#endif
  } catch (const dnnl::error& error) {
    throw Error(ErrorCode::kInternal, "oneDNN " + onednn_version() +
                                          " cannot make the convolution " + layer.name + ": " +
                                          error.what());
  }
}

Convolution::~Convolution() = default;
Convolution::Convolution(Convolution&&) noexcept = default;
Convolution& Convolution::operator=(Convolution&&) noexcept = default;

int Convolution::out_height() const noexcept {
  return state_->out_height;
}
int Convolution::out_width() const noexcept {
  return state_->out_width;
}
std::size_t Convolution::scratch_bytes() const noexcept {
  return state_->scratch.get_desc().get_size();
}
const char* Convolution::implementation() const {
  return state_->implementation.c_str();
}
double Convolution::gflop() const noexcept {
  return state_->gflop;
}

void Convolution::run(const void* src, void* dst, void* scratch, const float* bias) {
  State& s = *state_;
  // The C interface: the C++ one builds a map for each call.
  dnnl_memory_set_data_handle(s.src.get(), const_cast<void*>(src));
  dnnl_memory_set_data_handle(s.dst.get(), dst);
  dnnl_memory_set_data_handle(s.scratch.get(), scratch);
  if (bias) s.set_bias(bias, s.bias_unit.size(), &s.given_bias);
  dnnl_memory_set_data_handle(s.bias.get(), (bias ? s.given_bias : s.bias_values).data());
  const dnnl_status_t status =
      dnnl_primitive_execute(s.primitive.get(), s.stream.get(), s.argument_count, s.arguments);
  if (status != dnnl_success) {
    throw Error(ErrorCode::kInternal,
                "oneDNN failed to run a convolution, status " + std::to_string(status));
  }
}

}  // namespace matting::engine
