#include "engine/selection.hpp"

#include <algorithm>
#include <cstring>
#include <numeric>

namespace matting::engine {
namespace {

constexpr int kPatchPixels = 16;
constexpr int kBins = 0x3f80 + 1;  // upper halves of the floats from 0 to 1

// Non-negative floats sort like their bits.
std::uint32_t bits_of(float value) {
  std::uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
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
  histogram_.assign(kBins, 0);
  for (int i = 0; i < count; ++i) ++histogram_[bits_of(error[i]) >> 16];
  std::int64_t above = 0;
  int bin = kBins - 1;
  while (bin > 0 && above + histogram_[bin] <= wanted) above += histogram_[bin--];
  candidates_.clear();
  for (int i = 0; i < count; ++i) {
    const int of = static_cast<int>(bits_of(error[i]) >> 16);
    if (of > bin) patches_.push_back(i);
    if (of == bin && error[i] > 0) candidates_.push_back(i);
  }
  const auto rest = std::min<std::ptrdiff_t>(wanted - above, candidates_.size());
  if (rest <= 0) return;
  const auto larger = [error](int a, int b) { return error[a] > error[b]; };
  const auto last = candidates_.begin() + rest - 1;
  std::nth_element(candidates_.begin(), last, candidates_.end(), larger);
  const float smallest = error[*last];
  if (std::any_of(last + 1, candidates_.end(), [&](int i) { return error[i] == smallest; })) {
    return sample_ties(error, count, wanted);
  }
  patches_.insert(patches_.end(), candidates_.begin(), candidates_.begin() + rest);
  std::sort(patches_.begin(), patches_.end());
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
