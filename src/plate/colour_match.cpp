#include "plate/colour_match.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "media/mat_view.hpp"
#include "plate/misfit.hpp"

namespace plate {
namespace {

constexpr std::size_t kSamples = 6000;
constexpr int kTrials = 300;
constexpr double kDarkest = 0.015;  // what is darker is clipped, too
constexpr double kSmallestGain = 0.35, kLargestGain = 2.8, kLargestBias = 0.3;
constexpr double kLeastSupport = 0.25;      // fewer pixels that agree: chance, or another scene
constexpr double kLeastImprovement = 0.05;  // of the difference
constexpr double kSmallestChange = 0.002;   // half a level of 8 bit: not worth new pixels
// Weight of "the light did not change", in pixels: decides where the picture says nothing, as gain
// and bias of one flat wall.
constexpr double kPrior = 0.02;

struct Sample {
  cv::Vec3f plate, frame;
};

bool inside_range(const cv::Vec3f& value) {
  return std::all_of(value.val, value.val + 3,
                     [](float v) { return v > kDarkest && v < kClipped; });
}

std::vector<Sample> take_samples(const cv::Mat& plate, const cv::Mat& frame,
                                 const cv::Mat& usable) {
  std::vector<Sample> samples;
  const int step =
      std::max(1, static_cast<int>(std::sqrt(double(plate.total()) / double(kSamples))));
  for (int y = step / 2; y < plate.rows; y += step) {
    for (int x = step / 2; x < plate.cols; x += step) {
      if (!usable.empty() && usable.at<unsigned char>(y, x) == 0) continue;
      const Sample sample{plate.at<cv::Vec3f>(y, x), frame.at<cv::Vec3f>(y, x)};
      if (inside_range(sample.plate) && inside_range(sample.frame)) samples.push_back(sample);
    }
  }
  return samples;
}

double residual(const ColourMatch& match, const Sample& sample) {
  double sum = 0;
  for (int c = 0; c < 3; ++c) {
    sum += std::abs(match.gain[c] * sample.plate[c] + match.bias[c] - sample.frame[c]);
  }
  return sum / 3;
}

bool plausible(const ColourMatch& match) {
  for (int c = 0; c < 3; ++c) {
    if (match.gain[c] < kSmallestGain || match.gain[c] > kLargestGain) return false;
    if (std::abs(match.bias[c]) > kLargestBias) return false;
  }
  return true;
}

// One step of reweighted least squares. Weights are common to the channels: a pixel of the subject
// that agrees by chance in one of them does not count in it.
ColourMatch reweighted(const std::vector<Sample>& samples, const ColourMatch& start, double scale) {
  double sums[3][5] = {};  // w, w p, w p p, w f, w p f
  for (const Sample& sample : samples) {
    const double relative = residual(start, sample) / scale;
    if (relative >= 1) continue;
    const double weight = (1 - relative * relative) * (1 - relative * relative);
    for (int c = 0; c < 3; ++c) {
      const double p = sample.plate[c], f = sample.frame[c];
      const double terms[5] = {1, p, p * p, f, p * f};
      for (int i = 0; i < 5; ++i) sums[c][i] += weight * terms[i];
    }
  }
  ColourMatch result;
  const double prior = kPrior * double(samples.size());
  for (int c = 0; c < 3; ++c) {
    const double* s = sums[c];
    // Unknown: gain - 1 and bias; the prior pulls the bias harder than the gain.
    const double a = s[2] + 0.02 * prior, b = s[1], d = s[0] + prior;
    const double u = s[4] - s[2], v = s[3] - s[1];
    const double determinant = a * d - b * b;
    if (determinant <= 1e-12) return start;
    result.gain[c] = 1 + (u * d - b * v) / determinant;
    result.bias[c] = (a * v - b * u) / determinant;
  }
  return plausible(result) ? result : start;
}

double truncated_cost(const std::vector<Sample>& samples, const ColourMatch& match, double limit) {
  double sum = 0;
  for (const Sample& sample : samples) sum += std::min(residual(match, sample), limit);
  return sum;
}

// Pure gains that bring one plate pixel to its frame pixel, tried for many pixels: the start that
// most of the picture agrees with. No chance in it: the pixels are spread evenly.
ColourMatch best_start(const std::vector<Sample>& samples) {
  constexpr double kLimit = 0.06;
  ColourMatch best;
  double lowest = truncated_cost(samples, best, kLimit);
  const std::size_t step = std::max<std::size_t>(1, samples.size() / kTrials);
  std::vector<Sample> few;
  for (std::size_t i = 0; i < samples.size(); i += std::max<std::size_t>(1, step / 2)) {
    few.push_back(samples[i]);
  }
  lowest = truncated_cost(few, best, kLimit);
  for (std::size_t i = step / 2; i < samples.size(); i += step) {
    ColourMatch trial;
    for (int c = 0; c < 3; ++c) trial.gain[c] = samples[i].frame[c] / samples[i].plate[c];
    if (!plausible(trial)) continue;
    const double cost = truncated_cost(few, trial, kLimit);
    if (cost < lowest) {
      lowest = cost;
      best = trial;
    }
  }
  return best;
}

}  // namespace

double ColourMatch::exposure_stops() const {
  constexpr double kMiddle = 0.46;  // sRGB of 18 % grey
  double sum = 0;
  for (int c = 0; c < 3; ++c) {
    const double value = std::max(0.01, gain[c] * kMiddle + bias[c]);
    sum += 2.4 * std::log2((value + 0.055) / (kMiddle + 0.055));
  }
  return sum / 3;
}

double ColourMatch::largest_change() const {
  double largest = 0;
  for (int c = 0; c < 3; ++c) {
    for (const double level : {0.1, 0.5, 0.9}) {
      largest = std::max(largest, std::abs((gain[c] - 1) * level + bias[c]));
    }
  }
  return largest;
}

ColourMatch match_colours(const cv::Mat& plate, const cv::Mat& frame, const cv::Mat& usable) {
  const std::vector<Sample> samples = take_samples(plate, frame, usable);
  if (samples.size() < 16) return {};
  ColourMatch match = best_start(samples);
  for (const double scale : {0.12, 0.10, 0.08, 0.06, 0.06, 0.06, 0.06}) {
    match = reweighted(samples, match, scale);
  }
  const auto agrees = [&](const Sample& sample) { return residual(match, sample) < 0.04; };
  const auto agreeing = std::count_if(samples.begin(), samples.end(), agrees);
  const Comparison found =
      compare(difference(frame, plate), difference(frame, matched(plate, match)), usable);
  ColourMatch kept;
  const double support = double(agreeing) / double(samples.size());
  const bool better = found.after < (1 - kLeastImprovement) * found.before;
  if (better && support >= kLeastSupport && match.largest_change() > kSmallestChange) kept = match;
  kept.confidence = support;
  kept.before = found.before;
  kept.after = kept.is_identity() ? found.before : found.after;
  return kept;
}

cv::Mat matched(const cv::Mat& picture, const ColourMatch& match) {
  if (match.is_identity()) return picture;
  const double white = workflow::media::full_scale(picture);
  cv::Mat result;
  if (picture.channels() == 1) {
    constexpr int kGrey = ColourMatch::kGrey;
    picture.convertTo(result, -1, match.gain[kGrey], match.bias[kGrey] * white);
    return result;
  }
  cv::Matx34d colour = cv::Matx34d::zeros();
  for (int c = 0; c < 3; ++c) {
    colour(c, c) = match.gain[c];
    colour(c, 3) = match.bias[c] * white;
  }
  cv::transform(picture, result, colour);
  return result;
}

}  // namespace plate
