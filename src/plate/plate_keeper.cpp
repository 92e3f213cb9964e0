#include "plate/plate_keeper.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <string>

#include "media/mat_view.hpp"
#include "plate/clipped.hpp"
#include "plate/frame_format.hpp"
#include "plate/ghost.hpp"
#include "plate/light_drift.hpp"
#include "plate/misfit.hpp"
#include "plate/repair.hpp"
#include "plate/working_picture.hpp"
#include "workflow/error.hpp"

namespace plate {
namespace {

constexpr int kWorkingSide = 640;    // of the pictures that repairs are estimated on
constexpr int kCheckSide = 320;      // of those that each frame is checked on
constexpr int kGhostInterval = 24;   // frames
constexpr double kWorse = 1.1;       // times the settled misfit: something has changed
constexpr double kWorseBy = 0.0015;  // and by this much: more than noise
constexpr double kPoor = 0.02;       // a misfit that a repair near the last one may not mend
constexpr double kMovedPixels = 0.5;
constexpr double kSameColour = 0.002, kSamePixels = 0.05;
constexpr double kCutCorrelation = 0.25;
constexpr double kMuchWorse = 2, kMuchWorseBy = 0.008;  // the same: do not wait
constexpr double kCovered = 0.02;                       // alpha above it may be subject
constexpr int kMarginsAcross = 50;  // margin about the subject: this part of the width
constexpr int kLongestWait = 16;    // frames between looks for a repair that was not found

cv::Size size_of(const workflow::Image& image) {
  return {static_cast<int>(image.width()), static_cast<int>(image.height())};
}

std::string size_text(const workflow::Image& image) {
  return std::to_string(image.width()) + "x" + std::to_string(image.height());
}

void check_size(const workflow::Image& image, const workflow::Image& wanted, const char* what) {
  if (image.width() == wanted.width() && image.height() == wanted.height()) return;
  throw workflow::Error(WF_BAD_IMAGE, std::string(what) + " is " + size_text(image) + ": wanted " +
                                          size_text(wanted));
}

void check_plate(const workflow::Image& plate) {
  if (!plate.empty()) return;
  throw workflow::Error(WF_BAD_IMAGE, "the plate has no pixels: wanted a picture");
}

// Correlation of two structures: about 1 for the same scene, whatever its light.
double likeness(const cv::Mat& a, const cv::Mat& b) {
  const double both = a.dot(b), own = std::sqrt(a.dot(a) * b.dot(b));
  return own > 1e-3 * double(a.total()) ? both / own : 1;
}

bool same_pixels(const Repair& a, const Repair& b, cv::Size working, cv::Size full) {
  const cv::Matx33d between = a.alignment.frame_to_plate.inv() * b.alignment.frame_to_plate;
  if (mean_displacement(rescaled(between, working, full), full) > kSamePixels) return false;
  return cv::norm(a.colours.gain - b.colours.gain, cv::NORM_INF) < kSameColour &&
         cv::norm(a.colours.bias - b.colours.bias, cv::NORM_INF) < kSameColour;
}

}  // namespace

struct PlateKeeper::State {
  workflow::Image given, unsure;
  KeeperSettings settings;

  // For the frames' format, made at the first frame.
  wf_format format = WF_FORMAT_NONE;
  cv::Size full, working, check;
  cv::Mat fitted;                      // the given plate as the frames are
  cv::Mat given_working, given_check;  // and small

  Repair repair;
  LightDrift drift;
  cv::Mat base, base_check;  // fitted with the repair and what was filled in, without drift
  cv::Mat unshown;           // 8 bit, full size: not 0 where base is a guess
  cv::Mat shown_check;
  cv::Mat clipped;          // channels of base that frames may lift, see find_clipped
  workflow::Image current;  // what plate_for returns
  cv::Mat current_check;
  cv::Mat unlifted;  // the same, full size, before a frame lifted what is clipped

  // 8 bit, check size: 255 where the last alpha says background; empty before the first one.
  cv::Mat background;
  cv::Mat last_check, last_structure;  // of the last frame
  double settled_misfit = -1;          // right after the last estimate, or lower since; < 0: none
  int frames_since_estimate = 0, wait = 1;
  int frames_until_ghost = 0;
  Ghost ghost;
  Moment moment;

  void begin(const workflow::Image& frame);
  void fit_plate();
  void take_format(const workflow::Image& frame);
  cv::Mat usable_check() const;
  bool something_changed(double misfit);
  bool estimate(const workflow::Image& frame, bool thorough, PlateReport& report);
  void adopt(const Repair& found);
  void publish();
  void lift(const workflow::Image& frame);
  bool fill(const workflow::Image& frame, const cv::Mat& surely);
  void describe(const cv::Mat& now, PlateReport& report) const;
};

void PlateKeeper::State::fit_plate() {
  fitted = in_frame_format(given, format, full);
  given_working = working_picture(fitted, working);
  given_check = working_picture(fitted, check);
}

void PlateKeeper::State::take_format(const workflow::Image& frame) {
  format = frame.format();
  full = size_of(frame);
  working = working_size(full, kWorkingSide);
  check = working_size(full, kCheckSide);
  fit_plate();
  background.release();
  last_check.release();
  settled_misfit = -1;
  ++moment.scene;
  adopt(Repair());
}

void PlateKeeper::State::begin(const workflow::Image& frame) {
  if (frame.empty()) {
    throw workflow::Error(WF_BAD_IMAGE, "a frame has no pixels: wanted a picture");
  }
  if (frame.format() != format || size_of(frame) != full) take_format(frame);
}

// Where the frame should show the plate: all of it before the subject is known.
cv::Mat PlateKeeper::State::usable_check() const {
  return background.empty() ? shown_check : cv::Mat(background & shown_check);
}

// A small change is looked into at once, but not at every frame if that has led to nothing.
bool PlateKeeper::State::something_changed(double misfit) {
  ++frames_since_estimate;
  if (settled_misfit < 0) return true;
  if (misfit >= 0) settled_misfit = std::min(settled_misfit, misfit);
  if (misfit >= 0 && misfit <= kWorse * settled_misfit + kWorseBy) return false;
  const bool much = misfit < 0 || misfit > kMuchWorse * settled_misfit + kMuchWorseBy;
  return much || frames_since_estimate >= wait;
}

void PlateKeeper::State::adopt(const Repair& found) {
  ++moment.laying;
  repair = found;
  const cv::Matx33d transform = rescaled(found.alignment.frame_to_plate, working, full);
  const bool moved = found.alignment.kind != AlignmentKind::kNone;
  const cv::Mat laid = moved ? warped(fitted, transform, full, cv::INTER_CUBIC) : fitted;
  base = matched(laid, found.colours);
  clipped = find_clipped(laid, found.colours);
  unshown = ~shown_mask(transform, full, full);
  if (!unsure.empty()) {
    cv::Mat mask;
    cv::resize(workflow::media::pixels_view(unsure.view()), mask, full, 0, 0, cv::INTER_NEAREST);
    unshown |= warped(mask, transform, full, cv::INTER_NEAREST);
  }
  cv::resize(~unshown, shown_check, check, 0, 0, cv::INTER_NEAREST);
  drift.reset();
  publish();
}

void PlateKeeper::State::publish() {
  cv::Mat pixels = base;
  if (settings.drift) {
    pixels = base.clone();
    drift.apply(pixels);
  }
  current = image_of(pixels, plate_format(format));
  base_check = working_picture(base, check);
  current_check = settings.drift ? working_picture(pixels, check) : base_check;
  unlifted = pixels;
}

// The plate for this frame, where its own colours are only the least that it can show.
void PlateKeeper::State::lift(const workflow::Image& frame) {
  if (clipped.empty()) return;
  cv::Mat pixels = unlifted.clone();
  lift_clipped(in_frame_format(frame, format, full), clipped, pixels);
  current = image_of(pixels, plate_format(format));
  current_check = working_picture(pixels, check);
}

// True where the plate is another one now.
bool PlateKeeper::State::estimate(const workflow::Image& frame, bool thorough,
                                  PlateReport& report) {
  report.estimated = true;
  const cv::Mat small = working_picture(workflow::media::pixels_view(frame.view()), working);
  cv::Mat usable;
  if (!background.empty()) cv::resize(background, usable, working, 0, 0, cv::INTER_NEAREST);
  const RepairChoice choice{settings.align, settings.match_colours, settings.least_colour_change};
  const auto look = [&](Search search) {
    return find_repair(given_working, small, usable, choice, repair.alignment, search);
  };
  Repair found = look(thorough ? Search::kFull : Search::kNear);
  if (!thorough && found.after > std::max(kPoor, 2 * settled_misfit)) {
    const Repair other = look(Search::kFull);
    if (other.support * (kFarOff - other.after) > found.support * (kFarOff - found.after)) {
      found = other;
    }
  }
  if (same_pixels(found, repair, working, full)) return false;
  const cv::Mat used = drift.applied_to(repaired(given_working, repair));
  const cv::Mat before = difference(small, used);
  const cv::Mat after = difference(small, repaired(given_working, found));
  const Comparison step = compare(before, after, usable);
  if (step.after >= 0.98 * step.before) return false;
  const cv::Matx33d move = repair.alignment.frame_to_plate.inv() * found.alignment.frame_to_plate;
  report.camera_moved = mean_displacement(rescaled(move, working, full), full) > kMovedPixels;
  adopt(found);
  return true;
}

// now: the difference between the last frame and the plate that is used for it.
void PlateKeeper::State::describe(const cv::Mat& now, PlateReport& report) const {
  const cv::Matx33d transform = rescaled(repair.alignment.frame_to_plate, working, full);
  report.size = size_text(given);
  report.frame_size = size_text(current);
  report.alignment = name(repair.alignment.kind);
  report.misalignment_px = mean_displacement(transform, full);
  report.alignment_confidence = repair.alignment.confidence;
  for (std::size_t c = 0; c < 3; ++c) {
    report.gain[c] = repair.colours.gain[static_cast<int>(c)];
    report.bias[c] = repair.colours.bias[static_cast<int>(c)];
  }
  report.exposure_stops = repair.colours.exposure_stops();
  report.colour_confidence = repair.colours.confidence;
  report.drift_levels = drift.mean_levels();
  const cv::Mat usable = usable_check();
  const Comparison found = compare(difference(last_check, given_check), now, usable);
  report.misfit_before = found.before;
  report.misfit = found.after;
  report.background_share = compare(now, now, usable).support;
  report.unshown_share = cv::countNonZero(unshown) / double(unshown.total());
  report.ghost_share = ghost.share;
  report.ghost_confidence = ghost.confidence;
}

// Copies the frame where the plate is a guess and the frame surely shows background.
bool PlateKeeper::State::fill(const workflow::Image& frame, const cv::Mat& surely) {
  if (cv::countNonZero(unshown) == 0) return false;
  cv::Mat now;
  cv::resize(surely, now, full, 0, 0, cv::INTER_NEAREST);
  now &= unshown;
  if (cv::countNonZero(now) == 0) return false;
  if (base.data == fitted.data) base = base.clone();
  in_frame_format(frame, format, full).copyTo(base, now);
  unshown &= ~now;
  cv::resize(~unshown, shown_check, check, 0, 0, cv::INTER_NEAREST);
  return true;
}

PlateKeeper::PlateKeeper(workflow::Image plate, workflow::Image unsure,
                         const KeeperSettings& settings)
    : state_(std::make_unique<State>()) {
  check_plate(plate);
  if (!unsure.empty()) check_size(unsure, plate, "the map of unsure pixels");
  state_->given = std::move(plate);
  state_->unsure = std::move(unsure);
  state_->settings = settings;
}

PlateKeeper::PlateKeeper(workflow::Image plate, const KeeperSettings& settings)
    : PlateKeeper(std::move(plate), workflow::Image(), settings) {}

PlateKeeper::~PlateKeeper() = default;
PlateKeeper::PlateKeeper(PlateKeeper&&) noexcept = default;
PlateKeeper& PlateKeeper::operator=(PlateKeeper&&) noexcept = default;

void PlateKeeper::change_plate(workflow::Image plate) {
  check_plate(plate);
  State& s = *state_;
  s.given = std::move(plate);
  s.unsure = workflow::Image();
  if (s.format == WF_FORMAT_NONE) return;
  s.fit_plate();
  s.adopt(Repair(s.repair));
}

workflow::Image PlateKeeper::plate_for(const workflow::Image& frame, PlateReport& report) {
  State& s = *state_;
  s.begin(frame);
  report = PlateReport();
  const cv::Mat frame_check = working_picture(workflow::media::pixels_view(frame.view()), s.check);
  const cv::Mat frame_structure = structure(frame_check);
  const bool first = s.last_check.empty();
  const bool unlike = !first && likeness(frame_structure, s.last_structure) < kCutCorrelation;
  s.last_check = frame_check;
  s.last_structure = frame_structure;
  if (unlike) {
    s.background.release();
    ++s.moment.scene;
  }
  s.lift(frame);
  cv::Mat now = difference(frame_check, s.current_check);
  if (s.something_changed(background_misfit(now, s.usable_check())) || unlike) {
    const bool better = s.estimate(frame, first || unlike, report);
    if (first) report.camera_moved = false;  // it stood so from the beginning
    s.wait = better || first ? 1 : std::min(2 * s.wait, kLongestWait);
    s.frames_since_estimate = 0;
    if (better) s.lift(frame);
    now = difference(frame_check, s.current_check);
    s.settled_misfit = std::max(0.0, background_misfit(now, s.usable_check()));
    report.scene_cut = unlike && !report.camera_moved;
    s.frames_until_ghost = 0;
  }
  if (--s.frames_until_ghost < 0) {
    s.ghost = find_ghost(s.current_check, frame_check, s.shown_check);
    s.frames_until_ghost = kGhostInterval;
  }
  s.describe(now, report);
  return s.current;
}

PlateKeeper::Moment PlateKeeper::moment() const noexcept {
  return state_->moment;
}

void PlateKeeper::learn(const workflow::Image& frame, const workflow::Image& alpha,
                        const Moment& then) {
  State& s = *state_;
  if (then.scene != s.moment.scene) return;
  check_size(frame, s.current, "a frame to learn from");
  check_size(alpha, frame, "the alpha of a frame");
  // Some frames further the subject may have moved: keep away from it by a margin.
  cv::Mat covered;
  cv::resize(workflow::media::pixels_view(alpha.view()), covered, s.check, 0, 0, cv::INTER_AREA);
  const cv::Mat subject = covered > kCovered * workflow::media::full_scale(covered);
  const int reach = 2 * std::max(2, s.check.width / kMarginsAcross) + 1;
  cv::Mat near_subject;
  cv::dilate(subject, near_subject, cv::getStructuringElement(cv::MORPH_RECT, {reach, reach}));
  s.background = ~near_subject;
  if (then.laying != s.moment.laying) return;
  bool changed = s.fill(frame, s.background);
  if (s.settings.drift) {
    const cv::Mat seen = working_picture(workflow::media::pixels_view(frame.view()), s.check);
    s.drift.learn(seen, s.base_check, s.background);
    changed |= s.drift.is_due();
  }
  if (changed) s.publish();
}

}  // namespace plate
