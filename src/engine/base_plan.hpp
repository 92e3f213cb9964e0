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
#include "engine/network.hpp"
#include "engine/resample.hpp"
#include "engine/stage_times.hpp"

namespace matting::engine {

// A feature map: NHWC in the arena.
struct FeatureMap {
  std::size_t offset = 0;
  int height = 0, width = 0, channels = 0;
};

enum class DecoderArithmetic { kSame, kIntegers };  // as the rest of the network, or 8-bit integers

// T is the type of activations. Made and run by one thread, whose omp_get_max_threads() at the time
// it is made is the number of threads it runs on.
template <class T>
class BasePlan {
 public:
  // network must outlive the plan.
  // kIntegers: needs the network's calibration.
  BasePlan(const Network& network, int height, int width,
           DecoderArithmetic decoder = DecoderArithmetic::kSame);

  // Bytes that a plan of this size takes, without the scratch memory of oneDNN.
  static std::size_t estimate_bytes(const Network& network, int height, int width, int threads);

  int height() const noexcept { return height_; }
  int width() const noexcept { return width_; }
  // To be filled before run(): height * width pixels of kColorPitch channels.
  T* input() const noexcept { return arena_.as<T>(input_.offset); }
  // After run(): kCoarsePitch channels a pixel, slack behind the last.
  const T* coarse() const noexcept { return arena_.as<T>(coarse_.offset); }
  // After run(): alpha, residual RGB, error as planes of height * width, slack behind each.
  const float* plane(int index) const noexcept {
    return planes_.as<float>(sizeof(float) * index * plane_floats());
  }
  void run(StageTimes& times);
  // Widens ranges of the decoder's inputs, by layer, with what each later run sees; null: no more.
  void observe(std::map<std::string, ChannelRanges>* ranges) { observed_ = ranges; }
  std::size_t bytes() const noexcept;
  // Lines "layer: oneDNN implementation", for reports.
  std::vector<std::string> implementations() const;

 private:
  struct LayoutOnly {};
  struct Step {
    const char* stage;
    std::function<void()> run;
  };
  struct Strips;

  BasePlan(const Network& network, int height, int width, int threads, LayoutOnly);

  void lay_out();
  FeatureMap take(int height, int width, int channels);
  FeatureMap convolve(const std::string& layer, const FeatureMap& src);
  void convolve_onto(const std::string& layer, const FeatureMap& src, const FeatureMap& dst,
                     bool adds);
  FeatureMap mobilenet(FeatureMap features[3]);
  FeatureMap mobile_block(const MobileBlock& block, const FeatureMap& src);
  FeatureMap resnet(FeatureMap features[3]);
  FeatureMap bottleneck(const Bottleneck& block, const FeatureMap& src);
  FeatureMap max_pool(const FeatureMap& src);
  FeatureMap aspp(const FeatureMap& src);
  void copy_branch(const FeatureMap& branch, const FeatureMap& joined, int at);
  void pooled_bias(const FeatureMap& src);
  FeatureMap decode(const std::string& layer, const FeatureMap& low, const FeatureMap& skip,
                    bool last);
  template <class Out>
  void join_rows(const Strips& strips, int first, int count, std::byte* memory) const;
  void run_strip(Strips& strips, int index, int thread);
  void make_convolutions(Strips& strips, const Layer& layer);
  void widen_ranges(const Strips& strips) const;

  void add(std::function<void()> run) { steps_.push_back({stage_, std::move(run)}); }
  T* at(const FeatureMap& map) const { return arena_.as<T>(map.offset); }
  void* scratch(int thread) const { return scratch_.data() + thread * scratch_per_thread_; }
  std::size_t plane_floats() const noexcept {
    return aligned((static_cast<std::size_t>(height_) * width_ + kSlack) * sizeof(float)) /
           sizeof(float);
  }

  const Network& network_;
  int height_, width_, threads_;
  bool layout_only_ = false;
  DecoderArithmetic decoder_ = DecoderArithmetic::kSame;
  std::map<std::string, ChannelRanges>* observed_ = nullptr;
  const char* stage_ = "encoder";
  ArenaLayout layout_;
  FeatureMap input_, coarse_;
  std::vector<Step> steps_;
  std::vector<std::pair<std::string, std::shared_ptr<Convolution>>> convolutions_;
  std::vector<std::shared_ptr<Strips>> strips_;
  std::vector<float> pooled_sums_, pooled_, project_bias_;
  std::size_t scratch_per_thread_ = 0, scratch_whole_ = 0;
  AlignedBlock arena_, planes_, scratch_;
};

}  // namespace matting::engine

#endif  // MATTING_ENGINE_BASE_PLAN_HPP
