#include "engine/selection.hpp"

#include <algorithm>
#include <cstring>
#include <numeric>

#include "engine/threads.hpp"

namespace matting::engine {
namespace {

constexpr int kPatchPixels = 16;
constexpr int kBinShift = 18;
constexpr int kBins = (0x3f800000 >> kBinShift) + 1;  // upper bits of the floats from 0 to 1
constexpr int kParts = 16;                            // of the patches, for the threads

// Non-negative floats sort like their bits.
std::uint32_t bits_of(float value) {
  std::uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}

int bin_of(float value) {
  return static_cast<int>(bits_of(value) >> kBinShift);
}

int part_begin(int part, int count) {
  return static_cast<int>(std::int64_t{count} * part / kParts);
}

}  // namespace

void PatchSelection::select(const NetworkSettings& settings, const float* error, int count) {
  patches_.clear();
  switch (settings.refine_mode) {
    case RefineMode::kFull:
      patches_.resize(count);
      std::iota(patches_.begin(), patches_.end(), 0);
      break;
    case RefineMode::kThresholding: {
      const auto threshold = static_cast<float>(settings.refine_threshold);
      for (int i = 0; i < count; ++i) {
        if (error[i] > threshold) patches_.push_back(i);
      }
      break;
    }
    case RefineMode::kSampling:
      sample(error, count, std::min<std::int64_t>(settings.refine_pixels / kPatchPixels, count));
      break;
  }
}

// A histogram finds the bin in which the last selected patch lies; only that bin is ordered.
void PatchSelection::sample(const float* error, int count, std::int64_t wanted) {
  count_bins(error, count);
  std::int64_t above = 0;
  const int bin = last_bin(wanted, &above);
  collect(error, count, bin, above);
  const auto rest = std::min<std::ptrdiff_t>(wanted - above, candidates_.size());
  const auto end = candidates_.begin() + std::max<std::ptrdiff_t>(rest, 0);
  if (rest > 0) {
    std::nth_element(candidates_.begin(), end - 1, candidates_.end(),
                     [error](int a, int b) { return error[a] > error[b]; });
    const float smallest = error[*(end - 1)];
    if (std::any_of(end, candidates_.end(), [=](int i) { return error[i] == smallest; })) {
      return sample_ties(error, count, wanted);
    }
    std::sort(candidates_.begin(), end);
  }
  patches_.resize(certain_.size() + static_cast<std::size_t>(end - candidates_.begin()));
  std::merge(certain_.begin(), certain_.end(), candidates_.begin(), end, patches_.begin());
}

void PatchSelection::count_bins(const float* error, int count) {
  histograms_.assign(kParts * kBins, 0);
  parallel_for(kParts, [&](int part, int) {
    std::int32_t* histogram = histograms_.data() + part * kBins;
    for (int i = part_begin(part, count); i < part_begin(part + 1, count); ++i) {
      ++histogram[bin_of(error[i])];
    }
  });
}

// above: patches in the bins above the returned one, at most `wanted`.
int PatchSelection::last_bin(std::int64_t wanted, std::int64_t* above) const {
  int bin = kBins - 1;
  for (; bin > 0; --bin) {
    std::int64_t inside = 0;
    for (int part = 0; part < kParts; ++part) inside += histograms_[part * kBins + bin];
    if (*above + inside > wanted) break;
    *above += inside;
  }
  return bin;
}

// Patches above the bin, and those in it, both rising. Histograms tell each part where to write.
void PatchSelection::collect(const float* error, int count, int bin, std::int64_t above) {
  std::int32_t begin[kParts + 1] = {}, candidate_begin[kParts + 1] = {};
  for (int part = 0; part < kParts; ++part) {
    const std::int32_t* histogram = histograms_.data() + part * kBins;
    begin[part + 1] = std::accumulate(histogram + bin + 1, histogram + kBins, begin[part]);
    candidate_begin[part + 1] = candidate_begin[part] + histogram[bin];
  }
  certain_.resize(above);
  candidates_.resize(candidate_begin[kParts]);
  parallel_for(kParts, [&](int part, int) {
    std::int32_t* certain = certain_.data() + begin[part];
    std::int32_t* candidate = candidates_.data() + candidate_begin[part];
    for (int i = part_begin(part, count); i < part_begin(part + 1, count); ++i) {
      const int of = bin_of(error[i]);
      if (of > bin) *certain++ = i;
      if (of == bin) *candidate++ = i;
    }
  });
  // Errors of 0 are in the lowest bin.
  if (bin > 0) return;
  candidates_.erase(std::remove_if(candidates_.begin(), candidates_.end(),
                                   [error](int i) { return error[i] <= 0; }),
                    candidates_.end());
}

// Which of several equal patches come in is arbitrary, but the reference's choice is repeatable:
// torch.topk leaves it to the standard library's partial_sort or nth_element over all pairs of
// value and index (pytorch/pytorch aten/src/ATen/native/TopKImpl.h). The same call here picks the
// same patches, where clamped errors (exactly 1) fill more than the budget.
void PatchSelection::sample_ties(const float* error, int count, std::int64_t wanted) {
  ranked_.resize(count);
  for (int i = 0; i < count; ++i) ranked_[i] = {error[i], i};
  const auto larger = [](const Ranked& a, const Ranked& b) { return a.error > b.error; };
  const auto end = ranked_.begin() + wanted;
  if (wanted * 64 <= count) {
    std::partial_sort(ranked_.begin(), end, ranked_.end(), larger);
  } else {
    std::nth_element(ranked_.begin(), end - 1, ranked_.end(), larger);
  }
  patches_.clear();
  for (auto it = ranked_.begin(); it != end; ++it) {
    if (it->error > 0) patches_.push_back(it->index);
  }
  std::sort(patches_.begin(), patches_.end());
}

}  // namespace matting::engine
