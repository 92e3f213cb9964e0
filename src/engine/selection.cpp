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
  std::nth_element(candidates_.begin(), candidates_.begin() + rest - 1, candidates_.end(),
                   [error](int a, int b) {
                     return error[a] != error[b] ? error[a] > error[b] : a < b;
                   });
  patches_.insert(patches_.end(), candidates_.begin(), candidates_.begin() + rest);
  std::sort(patches_.begin(), patches_.end());
}

}  // namespace matting::engine
