#include "plate/alignment.hpp"

#include <cmath>
#include <opencv2/imgproc.hpp>
#include <optional>

#include "plate/feature_alignment.hpp"
#include "plate/misfit.hpp"
#include "plate/working_picture.hpp"

namespace plate {
namespace {

constexpr double kFirstGain = 0.95;  // what a move must leave of the difference to be believed
constexpr double kNextGain = 0.985;  // the same for each more complex kind
constexpr double kLeastMove = 0.03;  // working pixels; less is noise
constexpr double kLeastSupport = 0.2;
constexpr double kLeastAgreement = 0.2;  // of the picture: less is chance, or another scene
constexpr double kLargestMove = 0.2;     // of the picture's diagonal
constexpr double kLargestShear = 0.3;    // of the entries of the linear part, from the unit matrix
constexpr double kLargestTilt = 0.3;     // change of scale over the picture
constexpr int kNearLevel = 1;

class AlignmentSearch {
 public:
  AlignmentSearch(const cv::Mat& plate, const cv::Mat& frame, const cv::Mat& usable)
      : plate_(plate), frame_(frame), usable_(usable), pyramid_(plate, frame, usable) {
    best_.confidence = agreement(difference(frame, plate), usable);
  }

  void find_rough() {
    const AlignmentPyramid::Level& level = pyramid_.level(0);
    rough_ = find_rough_alignments(level.plate, level.frame, level.usable);
    first_level_ = pyramid_.count() - 1;
  }

  // The best transform of one kind from each of the starts, if it beats what there is.
  void try_kind(AlignmentKind kind, const Alignment& start) {
    std::optional<cv::Matx33d> best_start = best_.frame_to_plate;
    for (const std::optional<cv::Matx33d>& other : {of_kind(start, kind), rough(kind)}) {
      if (!other || !plausible(*other)) continue;
      if (compare_transforms(*best_start, *other) < 1) best_start = other;
    }
    const cv::Matx33d found = refine(pyramid_, *best_start, kind, first_level_);
    if (plausible(found)) offer(kind, found);
  }

  Alignment result() const { return best_; }

 private:
  static double agreement(const cv::Mat& difference, const cv::Mat& usable) {
    constexpr float kAgrees = 0.04f;
    cv::Mat near = difference < kAgrees;
    if (usable.empty()) return cv::countNonZero(near) / double(near.total());
    return cv::countNonZero(near & usable) / std::max(1.0, double(cv::countNonZero(usable)));
  }

  static std::optional<cv::Matx33d> of_kind(const Alignment& start, AlignmentKind kind) {
    if (start.kind == AlignmentKind::kNone || start.kind > kind) return {};
    return start.frame_to_plate;
  }

  std::optional<cv::Matx33d> rough(AlignmentKind kind) const {
    switch (kind) {
      case AlignmentKind::kTranslation:
        return rough_.translation;
      case AlignmentKind::kAffine:
        return rough_.affine;
      default:
        return rough_.homography;
    }
  }

  bool plausible(const cv::Matx33d& t) const {
    const double diagonal = std::hypot(frame_.cols, frame_.rows);
    const cv::Matx33d linear = t - cv::Matx33d::eye();
    for (int i = 0; i < 2; ++i) {
      if (std::abs(linear(i, 0)) > kLargestShear || std::abs(linear(i, 1)) > kLargestShear) {
        return false;
      }
    }
    const double tilt = std::abs(t(2, 0)) * frame_.cols + std::abs(t(2, 1)) * frame_.rows;
    return tilt < kLargestTilt && mean_displacement(t, frame_.size()) < kLargestMove * diagonal;
  }

  Comparison compare_at(const cv::Matx33d& a, const cv::Matx33d& b) const {
    const cv::Size size = frame_.size();
    cv::Mat shown = shown_mask(a, size, size) & shown_mask(b, size, size);
    if (!usable_.empty()) shown &= usable_;
    return compare(difference(frame_, warped(plate_, a, size, cv::INTER_LINEAR)),
                   difference(frame_, warped(plate_, b, size, cv::INTER_LINEAR)), shown);
  }

  // Below 1 where b fits better.
  double compare_transforms(const cv::Matx33d& a, const cv::Matx33d& b) const {
    const Comparison found = compare_at(a, b);
    return found.before > 0 ? found.after / found.before : 1;
  }

  void offer(AlignmentKind kind, const cv::Matx33d& transform) {
    const double gain = best_.kind == AlignmentKind::kNone ? kFirstGain : kNextGain;
    const double displacement = mean_displacement(transform, frame_.size());
    if (displacement < kLeastMove) return;
    if (compare_transforms(best_.frame_to_plate, transform) >= gain) return;
    const Comparison found = compare_at(cv::Matx33d::eye(), transform);
    if (found.support < kLeastSupport || found.after >= kFirstGain * found.before) return;
    const cv::Mat distance =
        difference(frame_, warped(plate_, transform, frame_.size(), cv::INTER_LINEAR));
    const double agreeing = agreement(distance, usable_);
    if (agreeing < kLeastAgreement) return;
    best_ = {kind, transform, displacement, found.before, found.after, agreeing};
  }

  const cv::Mat plate_, frame_, usable_;
  AlignmentPyramid pyramid_;
  RoughAlignments rough_;
  int first_level_ = kNearLevel;
  Alignment best_;
};

}  // namespace

Alignment align(const cv::Mat& plate, const cv::Mat& frame, const cv::Mat& usable,
                const Alignment& start, Search search) {
  AlignmentSearch state(plate, frame, usable);
  if (search == Search::kFull) state.find_rough();
  if (search == Search::kNear && start.kind != AlignmentKind::kNone) {
    state.try_kind(start.kind, start);
  } else {
    for (const AlignmentKind kind :
         {AlignmentKind::kTranslation, AlignmentKind::kAffine, AlignmentKind::kHomography}) {
      state.try_kind(kind, start);
    }
  }
  Alignment result = state.result();
  if (result.kind == AlignmentKind::kNone) {
    result.before = result.after = background_misfit(difference(frame, plate), usable);
  }
  return result;
}

cv::Mat aligned(const cv::Mat& plate, const Alignment& alignment) {
  if (alignment.kind == AlignmentKind::kNone) return plate;
  return warped(plate, alignment.frame_to_plate, plate.size(), cv::INTER_LINEAR);
}

const char* name(AlignmentKind kind) {
  switch (kind) {
    case AlignmentKind::kTranslation:
      return "translation";
    case AlignmentKind::kAffine:
      return "affine";
    case AlignmentKind::kHomography:
      return "homography";
    default:
      return "none";
  }
}

}  // namespace plate
