#include "plate/agreement.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace plate {
namespace {

// In levels of 8 bit: noise, compression and what alignment leaves at edges stay below it.
constexpr int kTolerance = 10;
constexpr double kLeastShare = 0.45;  // of the layers that show the pixel
constexpr double kRivalShare = 0.7;   // of the votes of the first: a second look that counts
constexpr int kMaximumLayers = 64;

struct Look {
  int votes = 0;
  int rival = 0;  // votes of the best look that has nothing to do with it
  std::array<float, 3> value = {};
};

// The values of one pixel, one for each layer that shows it.
class PixelValues {
 public:
  void clear() { count_ = 0; }
  int count() const { return count_; }
  std::array<int, 3>& next() { return values_[static_cast<std::size_t>(count_++)]; }

  Look most_frequent(int tolerance) {
    Look look;
    std::array<int, kMaximumLayers> votes = {};
    int best = 0;
    for (int i = 0; i < count_; ++i) {
      votes[at(i)] = 0;
      for (int j = 0; j < count_; ++j) votes[at(i)] += distance(i, j) <= tolerance;
      if (votes[at(i)] > votes[at(best)]) best = i;
    }
    look.votes = votes[at(best)];
    for (int i = 0; i < count_; ++i) {
      if (distance(i, best) > 2 * tolerance) look.rival = std::max(look.rival, votes[at(i)]);
    }
    for (int i = 0; i < count_; ++i) {
      if (distance(i, best) > tolerance) continue;
      for (std::size_t c = 0; c < 3; ++c) {
        look.value[c] += static_cast<float>(values_[at(i)][c]) / static_cast<float>(look.votes);
      }
    }
    return look;
  }

 private:
  static std::size_t at(int i) { return static_cast<std::size_t>(i); }
  int distance(int i, int j) const {
    const auto &a = values_[at(i)], &b = values_[at(j)];
    return std::max({std::abs(a[0] - b[0]), std::abs(a[1] - b[1]), std::abs(a[2] - b[2])});
  }
  std::array<std::array<int, 3>, kMaximumLayers> values_;
  int count_ = 0;
};

template <typename T>
void agree_row(const std::vector<Layer>& layers, int y, int tolerance, Agreement& result) {
  const int channels = result.pixels.channels();
  auto* pixels = result.pixels.ptr<T>(y);
  auto* unsure = result.unsure.ptr<unsigned char>(y);
  PixelValues values;
  for (int x = 0; x < result.pixels.cols; ++x) {
    values.clear();
    for (const Layer& layer : layers) {
      if (layer.shown.at<unsigned char>(y, x) == 0) continue;
      const T* from = layer.pixels.ptr<T>(y) + x * channels;
      std::array<int, 3>& value = values.next();
      for (int c = 0; c < 3; ++c)
        value[static_cast<std::size_t>(c)] = from[std::min(c, channels - 1)];
    }
    const Look look = values.most_frequent(tolerance);
    const bool seldom = look.votes < kLeastShare * values.count() || values.count() == 0;
    unsure[x] = seldom || look.rival > kRivalShare * look.votes ? 255 : 0;
    for (int c = 0; c < channels; ++c) {
      pixels[x * channels + c] =
          static_cast<T>(std::lround(look.value[static_cast<std::size_t>(c)]));
    }
  }
}

}  // namespace

Agreement agree(const std::vector<Layer>& layers) {
  const cv::Mat& first = layers.front().pixels;
  CV_Assert(layers.size() <= kMaximumLayers);
  Agreement result{cv::Mat(first.size(), first.type()), cv::Mat(first.size(), CV_8U)};
  const bool wide = first.depth() == CV_16U;
  cv::parallel_for_({0, first.rows}, [&](const cv::Range& rows) {
    for (int y = rows.start; y < rows.end; ++y) {
      if (wide) {
        agree_row<std::uint16_t>(layers, y, 257 * kTolerance, result);
      } else {
        agree_row<std::uint8_t>(layers, y, kTolerance, result);
      }
    }
  });
  return result;
}

}  // namespace plate
