// The base network (encoder, ASPP, decoder) laid out for one size of its input.
#ifndef MATTING_ENGINE_BASE_PLAN_HPP
#define MATTING_ENGINE_BASE_PLAN_HPP

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/arena.hpp"
#include "engine/feature_map.hpp"
#include "engine/hidden_features.hpp"
#include "engine/joined_convolution.hpp"
#include "engine/network.hpp"
#include "engine/projected_layer.hpp"
#include "engine/quantization.hpp"
#include "engine/stage_times.hpp"

namespace matting::engine {

enum class DecoderMethod {
  kJoined,     // each layer over its upsampled and joined input; any type
  kProjected,  // see ProjectedLayer; hidden features only where they are asked for; float only
  kIntegers    // joined, in 8-bit integers: needs the network's calibration
};

// How a plan computes.
struct BaseMethods {
  DecoderMethod decoder;
  // 8-bit integers in the encoder's blocks, in ASPP and in the first layers of a projected decoder,
  // where the network has their calibration.
  bool integers = false;
};

// The fastest that gives the type's full accuracy. With AMX a multiplication costs less than the
// additions that projecting trades it for; AVX-512 and AVX2 in float have no such surplus.
template <class T>
constexpr DecoderMethod default_decoder() noexcept {
  return sizeof(T) == 4 ? DecoderMethod::kProjected : DecoderMethod::kJoined;
}

// T is the type of activations. Made and run by one thread, whose team_size() at the time
// it is made is the number of threads it runs on.
template <class T>
class BasePlan {
 public:
  // network must outlive the plan. refines: features() will be called.
  BasePlan(const Network& network, int height, int width, bool refines,
           BaseMethods methods = {default_decoder<T>()});

  // Bytes that a plan of this size takes, without the scratch memory of oneDNN.
  static std::size_t estimate_bytes(const Network& network, int height, int width, bool refines,
                                    int threads, BaseMethods methods = {default_decoder<T>()});

  int height() const noexcept { return height_; }
  int width() const noexcept { return width_; }
  // To be filled before run(): height * width pixels of kColorPitch channels.
  T* input() const noexcept { return arena_.as<T>(input_.offset); }
  // After run(): kCoarsePitch channels a pixel, slack behind the last; valid in these blocks (see
  // CoarseBlocks).
  const T* features(const std::vector<std::int32_t>& blocks);
  // After run(): alpha, residual RGB, error as planes of height * width, slack behind each.
  const float* plane(int index) const noexcept {
    return planes_.as<float>(sizeof(float) * index * plane_floats());
  }
  void run(StageTimes& times);
  // Widens ranges of the inputs of layers that can be computed in integers, by layer, with what
  // each later run sees; null: no more. Of plans without integers.
  void observe(std::map<std::string, ChannelRanges>* ranges) { observed_ = ranges; }
  std::size_t bytes() const noexcept;
  // Lines "layer: oneDNN implementation", for reports.
  std::vector<std::string> implementations() const;

 private:
  struct LayoutOnly {};
  // Some rows of a convolution. oneDNN's OpenMP team shares out all rows itself; on lent threads
  // each takes a band.
  struct Band {
    std::shared_ptr<Convolution> convolution;
    int src_row, dst_row;  // first
  };
  struct Step {
    const char* stage;
    std::function<void()> run;
  };

  BasePlan(const Network& network, int height, int width, bool refines, int threads,
           BaseMethods methods, LayoutOnly);

  void lay_out();
  FeatureMap take(int height, int width, int channels, Element element = element_of<T>());
  FeatureMap convolve(const std::string& name, const FeatureMap& src);
  FeatureMap convolve(const Layer& layer, const FeatureMap& src, Element out = element_of<T>());
  void convolve_onto(const Layer& layer, const FeatureMap& src, const FeatureMap& dst, bool adds);
  // The maps at 1/8, 1/4 and 1/2 of the input's size go to features.
  FeatureMap encode(FeatureMap features[3]);
  Band make_band(const Layer& layer, const FeatureMap& src, const FeatureMap& dst, int first,
                 int last, bool adds) const;
  FeatureMap mobilenet(FeatureMap features[3]);
  FeatureMap mobile_block(const MobileBlock& block, const FeatureMap& src);
  FeatureMap resnet(FeatureMap features[3]);
  FeatureMap bottleneck(const Bottleneck& block, const FeatureMap& src);
  FeatureMap max_pool(const FeatureMap& src);
  FeatureMap aspp(const FeatureMap& src);
  void aspp_branches(const FeatureMap& src, const FeatureMap& joined);
  void convolve_dilated(const Layer& layer, const FeatureMap& src, const FeatureMap& joined,
                        int at_channel);
  void copy_branch(const FeatureMap& branch, const FeatureMap& joined, int at);
  void pooled_bias(const FeatureMap& src);
  // These layers one after another, the first reading src, in integers: all must be calibrated.
  // The last one's result is added to `onto`, where that is given, and is what is returned.
  FeatureMap convolve_in_integers(const std::vector<std::string>& names, const FeatureMap& src,
                                  const FeatureMap* onto);
  // One layer of stride 1 to floats, with these ranges of its inputs.
  FeatureMap convolve_in_integers(const Layer& layer, const ChannelRanges& ranges,
                                  const FeatureMap& src);
  FeatureMap convolve_levels(const QuantizedLayer& quantized, const FeatureMap& levels);
  FeatureMap aspp_in_integers(const FeatureMap& src);
  const std::map<std::string, ChannelRanges>& calibration() const noexcept {
    return network_.layers().calibration();
  }
  bool in_integers(const std::vector<std::string>& names) const;
  void quantize(const FeatureMap& src, std::vector<float> factor, std::vector<float> zero,
                const FeatureMap& levels, int at_channel);
  void decode(FeatureMap x, const FeatureMap features[3]);
  FeatureMap decode_one(const std::string& name, const FeatureMap& low, const FeatureMap& skip);
  // Integers take the ranges of `calibrated`, the layer or the one that it is a part of.
  void join_and_convolve(const Layer& layer, const std::string& calibrated, const FeatureMap& low,
                         const FeatureMap& skip, const FeatureMap& out, bool splits);
  // In integers, where ranges of its inputs are given.
  FeatureMap project_and_add(const Layer& layer, const ChannelRanges* ranges, const FeatureMap& low,
                             const FeatureMap& skip);
  void add_taps(const FeatureMap& taps, bool rectified, const FeatureMap& out);
  void decode_maps(const FeatureMap& low, const FeatureMap& skip);
  void decode_all(const FeatureMap& low, const FeatureMap& skip);
  // decoder.conv4's output, with or without hidden features before its maps.
  void split(const FeatureMap& output, int first_pixel, int count);
  // The inputs of a layer, one behind another in its channels.
  void observe(const std::string& name, const std::vector<FeatureMap>& maps);
  void widen_ranges(const std::string& name, const std::vector<FeatureMap>& maps) const;

  void add(std::function<void()> run) { steps_.push_back({stage_, std::move(run)}); }
  T* at(const FeatureMap& map) const { return arena_.as<T>(map.offset); }
  std::byte* bytes_of(const FeatureMap& map) const { return arena_.data() + map.offset; }
  // Of maps whose T is float.
  float* floats(const FeatureMap& map) const { return arena_.as<float>(map.offset); }
  void* scratch(int thread) const { return scratch_.data() + thread * scratch_per_thread_; }
  std::size_t plane_floats() const noexcept {
    return aligned((static_cast<std::size_t>(height_) * width_ + kSlack) * sizeof(float)) /
           sizeof(float);
  }

  const Network& network_;
  int height_, width_;
  bool refines_;
  int threads_;
  BaseMethods methods_;
  bool layout_only_ = false;
  std::map<std::string, ChannelRanges>* observed_ = nullptr;
  const char* stage_ = "encoder";
  ArenaLayout layout_;
  FeatureMap input_, coarse_;
  FeatureMap decoded_, maps_;  // projected: what decoder.conv4 reads beside the input; its maps
  std::unique_ptr<HiddenFeatures<T>> hidden_;
  std::vector<Step> steps_;
  std::vector<std::pair<std::string, std::shared_ptr<Convolution>>> convolutions_;
  std::vector<float> pooled_sums_, pooled_, project_bias_;
  std::size_t scratch_per_thread_ = 0, scratch_whole_ = 0;
  AlignedBlock arena_, planes_, scratch_;
};

}  // namespace matting::engine

#endif  // MATTING_ENGINE_BASE_PLAN_HPP
