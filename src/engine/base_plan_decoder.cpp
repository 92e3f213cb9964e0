// The decoder's steps of a base plan.
#include <algorithm>
#include <memory>

#include "engine/base_plan.hpp"
#include "engine/threads.hpp"

namespace matting::engine {
namespace {

// Alpha, residual RGB and error of decoder.conv4.
Layer maps_of(const Layer& layer) {
  return outputs_of(layer, kCoarseHidden, layer.out_channels - kCoarseHidden);
}

// Of the layers that are projected. The finer ones draw alpha's edges, where weights of 7 bits, as
// they are without VNNI, would show: the default model's alpha differs from fp32's by 0.11e-3 with
// the first two in integers, 0.20e-3 with three, 0.42e-3 with all.
bool projects_in_integers(const std::string& name) {
  return name == "decoder.conv1" || name == "decoder.conv2";
}

}  // namespace

template <class T>
void BasePlan<T>::decode(FeatureMap x, const FeatureMap features[3]) {
  static constexpr const char* kStages[] = {"decoder 1", "decoder 2", "decoder 3"};
  for (int i = 0; i < 3; ++i) {
    stage_ = kStages[i];
    const FeatureMap low = x;
    x = decode_one("decoder.conv" + std::to_string(i + 1), low, features[i]);
    layout_.release(low.offset);
    layout_.release(features[i].offset);
  }
  stage_ = "decoder 4";
  if (methods_.decoder == DecoderMethod::kProjected) {
    decode_maps(x, input_);
  } else {
    decode_all(x, input_);
  }
}

template <class T>
FeatureMap BasePlan<T>::decode_one(const std::string& name, const FeatureMap& low,
                                   const FeatureMap& skip) {
  const Layer& layer = network_.layers().at(name);
  observe(name, {low, skip});
  if (methods_.decoder == DecoderMethod::kProjected) {
    const bool integers = projects_in_integers(name) && in_integers({name});
    return project_and_add(layer, integers ? &calibration().at(name) : nullptr, low, skip);
  }
  const FeatureMap out = take(skip.height, skip.width, physical(layer.out_channels));
  join_and_convolve(layer, name, low, skip, out, false);
  return out;
}

template <class T>
void BasePlan<T>::join_and_convolve(const Layer& layer, const std::string& calibrated,
                                    const FeatureMap& low, const FeatureMap& skip,
                                    const FeatureMap& out, bool splits) {
  const ChannelRanges* const ranges =
      methods_.decoder == DecoderMethod::kIntegers ? &calibration().at(calibrated) : nullptr;
  auto strips = std::make_shared<JoinedConvolution<T>>(network_, layer, low, skip, out, ranges);
  if (!layout_only_) {
    strips->make_primitives(layer, threads_);
    convolutions_.emplace_back(layer.name, strips->primitive());
  }
  scratch_per_thread_ = std::max(scratch_per_thread_, strips->memory_bytes());
  add([this, strips, low, skip, out, splits] {
    parallel_for(strips->strips(), [&](int index, int thread) {
      auto* memory = static_cast<std::byte*>(scratch(thread));
      strips->run(index, thread, at(low), at(skip), at(out), memory);
      const int pixel = strips->first_row(index) * out.width;
      if (splits) split(out, pixel, strips->row_count(index) * out.width);
    });
  });
}

template <class T>
FeatureMap BasePlan<T>::project_and_add(const Layer& layer, const ChannelRanges* ranges,
                                        const FeatureMap& low, const FeatureMap& skip) {
  const ProjectedLayer projected(layer, low.channels);
  FeatureMap taps, out;
  if (ranges) {
    taps = convolve_in_integers(projected.low, ranges->part(0, low.channels), low);
    out = convolve_in_integers(projected.skip, ranges->part(low.channels, skip.channels), skip);
  } else {
    taps = convolve(projected.low, low);
    out = convolve(projected.skip, skip);
  }
  add_taps(taps, layer.activation == Activation::kRelu, out);
  layout_.release(taps.offset);
  return out;
}

// Row by row of the output.
template <class T>
void BasePlan<T>::add_taps(const FeatureMap& taps, bool rectified, const FeatureMap& out) {
  const auto rows = std::make_shared<BilinearAxis>(bilinear_axis(taps.height, out.height));
  const auto columns = std::make_shared<BilinearAxis>(bilinear_axis(taps.width, out.width));
  scratch_per_thread_ =
      std::max(scratch_per_thread_, sizeof(float) * taps.width * 3 * out.channels);
  add([this, taps, rectified, out, rows, columns] {
    parallel_for(out.height, [&](int y, int thread) {
      TapRow row;
      for (int i = 0; i < 3; ++i) {
        const int wanted = y + i - 1, beside = std::clamp(wanted, 0, out.height - 1);
        row.rows[i].upper = floats(taps) + rows->first[beside] * taps.row();
        row.rows[i].lower = floats(taps) + rows->second[beside] * taps.row();
        row.rows[i].weight = rows->weight[beside];
        row.rows[i].inside = wanted == beside ? 1.0f : 0.0f;
      }
      row.low_width = taps.width;
      row.channels = out.channels;
      row.columns = {columns->first.data(), columns->second.data(), columns->weight.data()};
      row.width = out.width;
      row.rectified = rectified;
      row.out = floats(out) + y * out.row();
      row.scratch = static_cast<float*>(scratch(thread));
      network_.kernels().add_taps(row);
    });
  });
}

// Alpha, foreground and error everywhere. Hidden features wait until it is known who reads them.
template <class T>
void BasePlan<T>::decode_maps(const FeatureMap& low, const FeatureMap& skip) {
  const Layer& layer = network_.layers().at("decoder.conv4");
  observe(layer.name, {low, skip});
  decoded_ = low;
  maps_ = project_and_add(maps_of(layer), nullptr, low, skip);
  add([this] { parallel_for(height_, [&](int y, int) { split(maps_, y * width_, width_); }); });
  if (!refines_) return;
  coarse_ = take(height_, width_, kCoarsePitch);
  if (!layout_only_) hidden_ = std::make_unique<HiddenFeatures<T>>(network_, low, skip);
}

// Hidden features everywhere, too, unless nothing reads them.
template <class T>
void BasePlan<T>::decode_all(const FeatureMap& low, const FeatureMap& skip) {
  const Layer& layer = network_.layers().at("decoder.conv4");
  observe(layer.name, {low, skip});
  coarse_ = take(height_, width_, refines_ ? kCoarsePitch : kMapPitch);
  join_and_convolve(refines_ ? layer : maps_of(layer), layer.name, low, skip, coarse_, true);
}

template <class T>
void BasePlan<T>::split(const FeatureMap& output, int first, int count) {
  float* to[5];
  for (int p = 0; p < 5; ++p) to[p] = const_cast<float*>(plane(p)) + first;
  T* const pixels = at(output) + static_cast<std::size_t>(first) * output.channels;
  network_.kernels().of<T>().split_coarse(pixels, output.channels - kMapPitch, count, to);
}

template void BasePlan<float>::decode(FeatureMap, const FeatureMap[3]);
template void BasePlan<BFloat16>::decode(FeatureMap, const FeatureMap[3]);

}  // namespace matting::engine
