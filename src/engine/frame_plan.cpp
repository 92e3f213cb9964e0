#include "engine/frame_plan.hpp"

#include <algorithm>

#include "engine/base_plan.hpp"
#include "engine/input.hpp"
#include "engine/output.hpp"
#include "engine/refiner.hpp"
#include "engine/selection.hpp"

namespace matting::engine {
namespace {

// Patches refined before their rows are written: bounds the memory of their results. The default
// selections, at HD and at 4K, fit at once.
constexpr int kMostPatchesAtOnce = 24000;

template <class T>
class TypedFramePlan : public FramePlan {
 public:
  TypedFramePlan(const Network& network, const Geometry& geometry, DecoderArithmetic decoder)
      : kernels_(network.kernels()),
        geometry_(geometry),
        input_(network.kernels(), geometry),
        base_(network, geometry.coarse_height, geometry.coarse_width, decoder),
        output_(network.kernels(), geometry) {
    if (!geometry.refines) return;
    refiner_ = std::make_unique<Refiner<T>>(network, geometry);
    error_rows_ = bilinear_axis(geometry.coarse_height, geometry.patch_rows());
    error_columns_ = bilinear_axis(geometry.coarse_width, geometry.patch_columns());
    const std::size_t patches =
        static_cast<std::size_t>(geometry.patch_rows()) * geometry.patch_columns();
    patch_errors_.resize(patches);
    error_row_.resize(geometry.coarse_width + kSlack);
  }

  FrameReport run(const NetworkSettings& settings, const Frame& frame, StageObserver& observer,
                  StageTimes& times) override {
    observer.begin_stage("input");
    times.clear();
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
      times.lap("selection");
      report.refined_share = static_cast<double>(selection_.patches().size()) /
                             static_cast<double>(patch_errors_.size());
    }
    write(frame, times);
    return report;
  }

  std::uint64_t bytes() const noexcept override {
    return base_.bytes() + input_.bytes() + output_.bytes() + (refiner_ ? refiner_->bytes() : 0) +
           patch_errors_.size() * sizeof(float);
  }

  std::vector<std::string> implementations() const override { return base_.implementations(); }

 private:
  void measure_error(FrameReport* report) const {
    const float* error = base_.plane(4);
    const std::size_t count =
        static_cast<std::size_t>(geometry_.coarse_width) * geometry_.coarse_height;
    double sum = 0;
    float largest = 0;
#pragma omp simd reduction(+ : sum) reduction(max : largest)
    for (std::size_t i = 0; i < count; ++i) {
      sum += error[i];
      largest = std::max(largest, error[i]);
    }
    report->error_mean = sum / static_cast<double>(count);
    report->error_max = largest;
  }

  // The coarse error, brought to one value a patch.
  void select(const NetworkSettings& settings) {
    const int columns = geometry_.patch_columns(), rows = geometry_.patch_rows();
    const float* error = base_.plane(4);
    const Columns table = {error_columns_.first.data(), error_columns_.second.data(),
                           error_columns_.weight.data()};
    if (columns != geometry_.coarse_width || rows != geometry_.coarse_height) {
      for (int y = 0; y < rows; ++y) {
        const auto at = [&](int row) {
          return error + static_cast<std::size_t>(row) * geometry_.coarse_width;
        };
        kernels_.mix(at(error_rows_.first[y]), at(error_rows_.second[y]), error_rows_.weight[y],
                     geometry_.coarse_width, error_row_.data());
        const float* const from = error_row_.data();
        float* const to = patch_errors_.data() + static_cast<std::size_t>(y) * columns;
        kernels_.resize(&from, 1, table, columns, &to);
      }
      error = patch_errors_.data();
    }
    selection_.select(settings, error, rows * columns);
  }

  // Refines and writes a run of patch rows at a time, so that results stay few.
  void write(const Frame& frame, StageTimes& times) {
    CoarsePlanes planes;
    for (int p = 0; p < 5; ++p) planes.plane[p] = base_.plane(p);
    const auto& patches = selection_.patches();
    const int columns = geometry_.patch_columns(), rows = geometry_.patch_rows();
    const int count = static_cast<int>(patches.size());
    for (int row = 0, first = 0; row < rows;) {
      int end = row, last = first;
      do {
        ++end;
        while (last < count && patches[last] < end * columns) ++last;
      } while (end < rows && last - first + columns <= kMostPatchesAtOnce);
      if (last > first) {
        refiner_->run(frame.image, frame.plate, base_.coarse(), patches.data() + first,
                      last - first, row, end - row, times);
      }
      output_.write(frame, planes, patches.data() + first, last - first,
                    refiner_ ? refiner_->results() : nullptr, row, end - row);
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
  std::unique_ptr<Refiner<T>> refiner_;
  PatchSelection selection_;
  BilinearAxis error_rows_, error_columns_;
  std::vector<float> patch_errors_, error_row_;
};

template <class T>
std::uint64_t estimate(const Network& network, const Geometry& geometry, int threads) {
  const std::uint64_t base = BasePlan<T>::estimate_bytes(network, geometry.coarse_height,
                                                         geometry.coarse_width, threads);
  if (!geometry.refines) return base;
  return base + Refiner<T>::estimate_bytes(geometry, threads) +
         kMostPatchesAtOnce * sizeof(RefinedPatch);
}

// What carries activations between layers. Integers are used within the decoder only: the rest stays
// in the best floating point.
Precision activations(const Network& network, Precision precision) {
  if (precision != Precision::kInt8) return precision;
  return resolve_precision(Precision::kAuto, network.isa());
}

}  // namespace

std::unique_ptr<FramePlan> make_frame_plan(const Network& network, const Geometry& geometry,
                                           Precision precision) {
  const auto decoder = precision == Precision::kInt8 ? DecoderArithmetic::kIntegers
                                                     : DecoderArithmetic::kSame;
  if (activations(network, precision) == Precision::kBf16) {
    return std::make_unique<TypedFramePlan<BFloat16>>(network, geometry, decoder);
  }
  return std::make_unique<TypedFramePlan<float>>(network, geometry, decoder);
}

std::uint64_t estimate_frame_plan(const Network& network, const Geometry& geometry,
                                  Precision precision, int threads) {
  return activations(network, precision) == Precision::kBf16
             ? estimate<BFloat16>(network, geometry, threads)
             : estimate<float>(network, geometry, threads);
}

}  // namespace matting::engine
