#include "plate/direct_alignment.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "plate/working_picture.hpp"

namespace plate {
namespace {

constexpr int kSmallestSide = 40;  // of the coarsest level; smaller, a subject is all there is
constexpr int kMaximumLevels = 4;
constexpr double kEvenedNoise = 0.02;    // contrast below this is noise: not evened out
constexpr float kLeastGradient = 0.03f;  // flatter pixels say nothing of position
constexpr double kLeastScale = 0.05;     // of residuals; structure's unit is its own contrast
constexpr double kLargestLimit = 1.2;    // residuals beyond it are the subject's at any rate
constexpr float kOtherBrightness = 0.05f;
constexpr int kReach = 5;  // pixels: how far, in each level, the plate may be from its place
constexpr int kMaximumSteps = 8, kFinestSteps = 6;  // the finest level costs most and starts near
constexpr int kManyRows = 300;                      // of these every second is enough
constexpr double kStillPixels = 0.004;              // a smaller step ends a level
constexpr int kUnknowns = 8;

using Vector = cv::Vec<double, kUnknowns>;
using Matrix = cv::Matx<double, kUnknowns, kUnknowns>;

struct Equations {
  Matrix squares = Matrix::zeros();
  Vector right = Vector::all(0);
};

// Positions about the picture's middle in units of half its diagonal, so that all unknowns are of
// one size.
struct Centred {
  explicit Centred(cv::Size size)
      : x((size.width - 1) / 2.0),
        y((size.height - 1) / 2.0),
        unit(std::max(1.0, std::hypot(size.width, size.height) / 2)) {}
  cv::Matx33d to_pixels() const { return {unit, 0, x, 0, unit, y, 0, 0, 1}; }
  double x, y, unit;
};

cv::Mat brightness_of(const cv::Mat& working_picture) {
  cv::Mat grey;
  cv::cvtColor(working_picture, grey, cv::COLOR_BGR2GRAY);
  return grey;
}

cv::Mat structure_of(const cv::Mat& brightness) {
  cv::Mat grey, slow, squares, result;
  cv::GaussianBlur(brightness, grey, {}, 0.8);
  cv::boxFilter(grey, slow, CV_32F, {17, 17}, {-1, -1}, true, cv::BORDER_REFLECT);
  result = grey - slow;
  cv::boxFilter(result.mul(result), squares, CV_32F, {33, 33}, {-1, -1}, true, cv::BORDER_REFLECT);
  cv::sqrt(squares, squares);
  return result / (squares + kEvenedNoise);
}

int unknown_count(AlignmentKind kind) {
  switch (kind) {
    case AlignmentKind::kTranslation:
      return 2;
    case AlignmentKind::kAffine:
      return 6;
    case AlignmentKind::kHomography:
      return 8;
    default:
      return 0;
  }
}

// How the brightness at (x, y) answers to each unknown, given its slope there.
void derivatives(float slope_x, float slope_y, float x, float y, float* j) {
  j[0] = slope_x;
  j[1] = slope_y;
  j[2] = slope_x * x;
  j[3] = slope_x * y;
  j[4] = slope_y * x;
  j[5] = slope_y * y;
  const float outward = -(j[2] + j[5]);
  j[6] = outward * x;
  j[7] = outward * y;
}

cv::Matx33d step_transform(const Vector& p) {
  return {1 + p[2], p[3], p[0], p[4], 1 + p[5], p[1], p[6], p[7], 1};
}

// Spread of the smaller residuals, as if all of them were of one normal distribution: a third of
// the picture that fits is enough for it.
double residual_scale(const cv::Mat& residuals, const cv::Mat& slopes, const cv::Mat& usable) {
  std::vector<float> values;
  for (int y = 0; y < residuals.rows; y += 2) {
    for (int x = 0; x < residuals.cols; x += 2) {
      if (usable.at<unsigned char>(y, x) == 0 || slopes.at<float>(y, x) < kLeastGradient) continue;
      values.push_back(std::abs(residuals.at<float>(y, x)));
    }
  }
  if (values.empty()) return kLeastScale;
  const auto third = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 3);
  std::nth_element(values.begin(), third, values.end());
  return std::max<double>(kLeastScale, *third / 0.43);
}

// 255 where the frame is no brighter and no darker than the plate somewhere near.
cv::Mat possible_background(const AlignmentPyramid::Level& level, const cv::Matx33d& transform) {
  const cv::Mat plate =
      warped(level.plate_brightness, transform, level.frame.size(), cv::INTER_LINEAR);
  const cv::Mat window = cv::getStructuringElement(cv::MORPH_RECT, {kReach, kReach});
  cv::Mat darkest, brightest;
  cv::erode(plate, darkest, window);
  cv::dilate(plate, brightest, window);
  return (level.frame_brightness > darkest - kOtherBrightness) &
         (level.frame_brightness < brightest + kOtherBrightness);
}

struct Linearised {
  cv::Mat residuals, slope_x, slope_y, slope, usable;
};

Linearised linearise(const AlignmentPyramid::Level& level, const cv::Mat& usable,
                     const cv::Matx33d& transform) {
  const cv::Size size = level.frame.size();
  Linearised result;
  const cv::Mat plate = warped(level.plate, transform, size, cv::INTER_LINEAR);
  result.residuals = level.frame - plate;
  const cv::Mat both = (plate + level.frame) / 2;  // the mean slope converges faster than one
  cv::Sobel(both, result.slope_x, CV_32F, 1, 0, 1, 0.5);
  cv::Sobel(both, result.slope_y, CV_32F, 0, 1, 1, 0.5);
  result.slope = cv::abs(result.slope_x) + cv::abs(result.slope_y);
  result.usable = shown_mask(transform, level.plate.size(), size) & usable;
  return result;
}

void add_row(const Linearised& at, int y, const Centred& centred, double limit,
             Equations& equations) {
  float squares[kUnknowns][kUnknowns] = {}, right[kUnknowns] = {};
  const auto* usable = at.usable.ptr<unsigned char>(y);
  const auto* slope = at.slope.ptr<float>(y);
  const auto* slope_x = at.slope_x.ptr<float>(y);
  const auto* slope_y = at.slope_y.ptr<float>(y);
  const auto* residual = at.residuals.ptr<float>(y);
  const auto unit = static_cast<float>(centred.unit);
  const auto row = static_cast<float>((y - centred.y) / centred.unit);
  for (int x = 0; x < at.residuals.cols; ++x) {
    if (usable[x] == 0 || slope[x] < kLeastGradient) continue;
    const float relative = residual[x] / static_cast<float>(limit);
    if (std::abs(relative) >= 1) continue;
    const float weight = (1 - relative * relative) * (1 - relative * relative);
    float j[kUnknowns];
    derivatives(slope_x[x] * unit, slope_y[x] * unit, static_cast<float>((x - centred.x)) / unit,
                row, j);
    for (int a = 0; a < kUnknowns; ++a) {
      const float weighted = weight * j[a];
      right[a] += weighted * residual[x];
      for (int b = 0; b < kUnknowns; ++b) squares[a][b] += weighted * j[b];
    }
  }
  for (int a = 0; a < kUnknowns; ++a) {
    equations.right[a] += right[a];
    for (int b = 0; b < kUnknowns; ++b) equations.squares(a, b) += squares[a][b];
  }
}

// Zero where the equations say nothing.
Vector solve(const Equations& equations, int unknowns) {
  cv::Mat squares = cv::Mat(equations.squares)(cv::Rect(0, 0, unknowns, unknowns)).clone();
  const double damping = 1e-4 * cv::trace(squares)[0] / unknowns + 1e-6;
  squares += damping * cv::Mat::eye(unknowns, unknowns, CV_64F);
  cv::Mat found;
  Vector step = Vector::all(0);
  const cv::Mat right = cv::Mat(equations.right).rowRange(0, unknowns);
  if (!cv::solve(squares, right, found, cv::DECOMP_CHOLESKY)) return step;
  for (int i = 0; i < unknowns; ++i) step[i] = found.at<double>(i);
  return step;
}

cv::Matx33d refine_level(const AlignmentPyramid::Level& level, cv::Matx33d transform,
                         AlignmentKind kind, int steps) {
  const cv::Size size = level.frame.size();
  const int row_step = size.height > kManyRows ? 2 : 1;
  const Centred centred(size);
  const cv::Mat usable = level.usable & possible_background(level, transform);
  for (int i = 0; i < steps; ++i) {
    const Linearised at = linearise(level, usable, transform);
    const double limit =
        std::min(kLargestLimit, 4.7 * residual_scale(at.residuals, at.slope, at.usable));
    Equations equations;
    for (int y = 0; y < size.height; y += row_step) add_row(at, y, centred, limit, equations);
    const Vector solution = solve(equations, unknown_count(kind));
    const cv::Matx33d step =
        centred.to_pixels() * step_transform(solution) * centred.to_pixels().inv();
    transform = transform * step;
    transform *= 1 / transform(2, 2);
    if (mean_displacement(step, size) < kStillPixels) break;
  }
  return transform;
}

}  // namespace

cv::Mat structure(const cv::Mat& working_picture) {
  return structure_of(brightness_of(working_picture));
}

AlignmentPyramid::AlignmentPyramid(const cv::Mat& plate, const cv::Mat& frame,
                                   const cv::Mat& usable) {
  cv::Mat p = brightness_of(plate), f = brightness_of(frame);
  cv::Mat u = usable.empty() ? cv::Mat(frame.size(), CV_8U, cv::Scalar(255)) : usable;
  for (;;) {
    levels_.push_back({structure_of(p), structure_of(f), p, f, u});
    if (count() == kMaximumLevels || std::min(p.rows, p.cols) / 2 < kSmallestSide) return;
    const cv::Size half(p.cols / 2, p.rows / 2);
    cv::Mat smaller_plate, smaller_frame, smaller_usable;
    cv::resize(p, smaller_plate, half, 0, 0, cv::INTER_AREA);
    cv::resize(f, smaller_frame, half, 0, 0, cv::INTER_AREA);
    cv::resize(u, smaller_usable, half, 0, 0, cv::INTER_NEAREST);
    p = smaller_plate, f = smaller_frame, u = smaller_usable;
  }
}

cv::Matx33d refine(const AlignmentPyramid& pyramid, const cv::Matx33d& start, AlignmentKind kind,
                   int first_level) {
  if (kind == AlignmentKind::kNone) return start;
  const cv::Size finest = pyramid.level(0).frame.size();
  cv::Matx33d transform = start;
  for (int i = std::min(first_level, pyramid.count() - 1); i >= 0; --i) {
    const cv::Size size = pyramid.level(i).frame.size();
    const cv::Matx33d here = rescaled(transform, finest, size);
    const int steps = i == 0 ? kFinestSteps : kMaximumSteps;
    transform = rescaled(refine_level(pyramid.level(i), here, kind, steps), size, finest);
  }
  return transform;
}

}  // namespace plate
