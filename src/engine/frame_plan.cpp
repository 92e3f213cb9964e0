#include "engine/frame_plan.hpp"

#include <algorithm>
#include <numeric>

#include "engine/base_plan.hpp"
#include "engine/handed_on_patches.hpp"
#include "engine/input.hpp"
#include "engine/kept_patches.hpp"
#include "engine/output.hpp"
#include "engine/refiner.hpp"
#include "engine/selection.hpp"
#include "engine/threads.hpp"

namespace matting::engine {
namespace {

// Patches refined before their rows are written: bounds the memory of their results. The default
// selections, at HD and at 4K, fit at once.
constexpr int kMostPatchesAtOnce = 24000;

// Refinement that needs the network's refiner, and for it hidden features.
bool convolves_patches(const Network& network, const Geometry& geometry) {
  return geometry.refines && !network.hands_on();
}

template <class T>
class TypedFramePlan : public FramePlan {
 public:
  TypedFramePlan(const Network& network, const Geometry& geometry, BaseMethods methods)
      : kernels_(network.kernels()),
        geometry_(geometry),
        input_(network.kernels(), geometry),
        base_(network, geometry.coarse_height, geometry.coarse_width,
              convolves_patches(network, geometry), methods),
        output_(network.kernels(), geometry) {
    if (!geometry.refines) return;
    if (convolves_patches(network, geometry)) {
      refiner_ = std::make_unique<Refiner<T>>(network, geometry, base_);
    } else {
      refiner_ = std::make_unique<HandedOnPatches>(geometry, planes());
    }
    kept_ = std::make_unique<KeptPatches>(network.kernels(), geometry);
    error_rows_ = bilinear_axis(geometry.coarse_height, geometry.patch_rows());
    error_columns_ = bilinear_axis(geometry.coarse_width, geometry.patch_columns());
    const std::size_t patches =
        static_cast<std::size_t>(geometry.patch_rows()) * geometry.patch_columns();
    patch_errors_.resize(patches);
    error_rows_memory_.resize(static_cast<std::size_t>(team_size()) *
                              (geometry.coarse_width + kSlack));
  }

  FrameReport run(const NetworkSettings& settings, const Frame& frame, StageObserver& observer,
                  StageTimes& times) override {
    observer.begin_stage("input");
    input_.read(frame.image, frame.plate, base_.input());
    times.lap("input");
    observer.begin_stage("network");
    base_.run(times);
    observer.begin_stage("output");
    FrameReport report;
    measure_error(&report);
    times.lap("error");
    if (refiner_) {
      select(settings);
      find_kept(settings, frame);
      times.lap("selection");
      refiner_->begin(frame, to_refine_, times);
      const auto all = static_cast<double>(patch_errors_.size());
      report.refined_share = static_cast<double>(to_refine_.size()) / all;
      report.reused_share =
          static_cast<double>(selection_.patches().size() - to_refine_.size()) / all;
    }
    write(frame, times);
    if (keeps_) kept_->end();
    return report;
  }

  void forget() noexcept override {
    if (kept_) kept_->forget();
  }

  std::uint64_t bytes() const noexcept override {
    return base_.bytes() + input_.bytes() + output_.bytes() + (refiner_ ? refiner_->bytes() : 0) +
           (kept_ ? kept_->bytes() : 0) + patch_errors_.size() * sizeof(float);
  }

  std::vector<std::string> implementations() const override { return base_.implementations(); }

 private:
  void measure_error(FrameReport* report) {
    constexpr int kParts = 16;  // not the number of threads: sums must not depend on it
    const float* error = base_.plane(4);
    const std::int64_t count = std::int64_t{geometry_.coarse_width} * geometry_.coarse_height;
    double sums[kParts];
    float most[kParts];
    parallel_for(kParts, [&](int part, int) {
      double sum = 0;
      float largest = 0;
#pragma omp simd reduction(+ : sum) reduction(max : largest)
      for (std::int64_t i = count * part / kParts; i < count * (part + 1) / kParts; ++i) {
        sum += error[i];
        largest = std::max(largest, error[i]);
      }
      sums[part] = sum;
      most[part] = largest;
    });
    report->error_mean = std::accumulate(sums, sums + kParts, 0.0) / static_cast<double>(count);
    report->error_max = *std::max_element(most, most + kParts);
  }

  // The coarse error, brought to one value a patch.
  void select(const NetworkSettings& settings) {
    const int columns = geometry_.patch_columns(), rows = geometry_.patch_rows();
    const float* error = base_.plane(4);
    if (columns != geometry_.coarse_width || rows != geometry_.coarse_height) {
      parallel_for(rows, [&](int y, int thread) { resize_error(y, thread); });
      error = patch_errors_.data();
    }
    selection_.select(settings, error, rows * columns);
  }

  void resize_error(int y, int thread) {
    const Columns table = {error_columns_.first.data(), error_columns_.second.data(),
                           error_columns_.weight.data()};
    const auto coarse_row = [&](int row) {
      return base_.plane(4) + static_cast<std::size_t>(row) * geometry_.coarse_width;
    };
    const int columns = geometry_.patch_columns();
    float* mixed = error_rows_memory_.data() +
                   static_cast<std::size_t>(thread) * (geometry_.coarse_width + kSlack);
    kernels_.mix(coarse_row(error_rows_.first[y]), coarse_row(error_rows_.second[y]),
                 error_rows_.weight[y], geometry_.coarse_width, mixed);
    const float* const from = mixed;
    float* const to = patch_errors_.data() + static_cast<std::size_t>(y) * columns;
    kernels_.resize(&from, 1, table, columns, &to);
  }

  CoarsePlanes planes() const {
    CoarsePlanes planes;
    for (int p = 0; p < 5; ++p) planes.plane[p] = base_.plane(p);
    return planes;
  }

  // Splits the selection into what is kept and what is to be refined.
  void find_kept(const NetworkSettings& settings, const Frame& frame) {
    keeps_ = settings.refine_change.has_value();
    const bool same_plate =
        frame.plate.generation != 0 && frame.plate.generation == plate_generation_;
    if (!keeps_ || !same_plate || settings != settings_) kept_->forget();
    plate_generation_ = frame.plate.generation;
    settings_ = settings;
    const auto& patches = selection_.patches();
    to_refine_ = patches;
    if (!keeps_) return;
    kept_->begin(frame.image, planes(), patches, *settings.refine_change);
    to_refine_.clear();
    for (std::size_t i = 0; i < patches.size(); ++i) {
      if (kept_->result(i) == nullptr) to_refine_.push_back(patches[i]);
    }
  }

  // Refines those of patches [first, last) that are not kept, all within these rows.
  const RefinedPatch* refine(int first, int last, int row, int rows, StageTimes& times) {
    if (first == last) return nullptr;
    const auto& patches = selection_.patches();
    const auto begin = std::lower_bound(to_refine_.begin(), to_refine_.end(), patches[first]);
    const auto end = std::upper_bound(begin, to_refine_.end(), patches[last - 1]);
    if (begin != end) {
      refiner_->run(&*begin, static_cast<int>(end - begin), row, rows, times);
    }
    if (!keeps_) return refiner_->results();
    results_.resize(std::max<std::size_t>(results_.size(), last - first));
    const RefinedPatch* refined = refiner_->results();
    for (int i = first; i < last; ++i) {
      const RefinedPatch* kept = kept_->result(i);
      results_[i - first] = kept ? *kept : *refined++;
    }
    kept_->keep(first, last - first, results_.data());
    return results_.data();
  }

  // Refines and writes a run of patch rows at a time, so that results stay few.
  void write(const Frame& frame, StageTimes& times) {
    const auto& patches = selection_.patches();
    const int columns = geometry_.patch_columns(), rows = geometry_.patch_rows();
    const int count = static_cast<int>(patches.size());
    for (int row = 0, first = 0; row < rows;) {
      int end = row, last = first;
      do {
        ++end;
        while (last < count && patches[last] < end * columns) ++last;
      } while (end < rows && last - first + columns <= kMostPatchesAtOnce);
      const RefinedPatch* results = refine(first, last, row, end - row, times);
      output_.write(frame, planes(), patches.data() + first, last - first, results, row, end - row);
      times.lap("output");
      row = end;
      first = last;
    }
  }

  const Kernels& kernels_;
  Geometry geometry_;
  InputPass input_;
  BasePlan<T> base_;
  OutputPass output_;
  std::unique_ptr<PatchRefiner> refiner_;  // null: the coarse maps are the result
  PatchSelection selection_;
  std::vector<std::int32_t> to_refine_;
  // Between frames of a video.
  bool keeps_ = false;
  std::unique_ptr<KeptPatches> kept_;
  std::uint64_t plate_generation_ = 0;
  NetworkSettings settings_;
  std::vector<RefinedPatch> results_;
  BilinearAxis error_rows_, error_columns_;
  std::vector<float> patch_errors_, error_rows_memory_;
};

template <class T>
std::uint64_t estimate(const Network& network, const Geometry& geometry, int threads,
                       BaseMethods methods) {
  const bool convolves = convolves_patches(network, geometry);
  const std::uint64_t base = BasePlan<T>::estimate_bytes(
      network, geometry.coarse_height, geometry.coarse_width, convolves, threads, methods);
  if (!geometry.refines) return base;
  return base + (convolves ? Refiner<T>::estimate_bytes(geometry, threads) : 0) +
         kMostPatchesAtOnce * sizeof(RefinedPatch);
}

// What carries activations between blocks of layers, and computes what has no integers.
Precision activations(const Network& network, Precision precision) {
  if (precision != Precision::kInt8) return precision;
  return best_float(network.isa());
}

template <class T>
BaseMethods methods(const Network& network, Precision precision) {
  if (precision != Precision::kInt8) return {default_decoder<T>()};
  // Without VNNI the decoder in integers takes as long as the projected one.
  const bool fast = network.isa() >= Isa::kAvx512Vnni;
  return {fast ? DecoderMethod::kIntegers : default_decoder<T>(), true};
}

}  // namespace

std::unique_ptr<FramePlan> make_frame_plan(const Network& network, const Geometry& geometry,
                                           Precision precision) {
  if (activations(network, precision) == Precision::kBf16) {
    return std::make_unique<TypedFramePlan<BFloat16>>(network, geometry,
                                                      methods<BFloat16>(network, precision));
  }
  return std::make_unique<TypedFramePlan<float>>(network, geometry,
                                                 methods<float>(network, precision));
}

std::uint64_t estimate_frame_plan(const Network& network, const Geometry& geometry,
                                  Precision precision, int threads) {
  return activations(network, precision) == Precision::kBf16
             ? estimate<BFloat16>(network, geometry, threads, methods<BFloat16>(network, precision))
             : estimate<float>(network, geometry, threads, methods<float>(network, precision));
}

}  // namespace matting::engine
