// Holds the frame rate of a live matte by giving up quality, and takes it back when there is time.
#ifndef LIVE_GOVERNOR_HPP
#define LIVE_GOVERNOR_HPP

#include <cstddef>
#include <deque>
#include <optional>
#include <vector>

#include "live/quality.hpp"

namespace live {

struct GovernorSettings {
  double frames_per_second = 25;  // to be held
  Quality best, least{5000, 0.125};
  QualityUse use = {};  // of the rest nothing is given up
};

// Climbs down as soon as the usual frame takes longer than its share of a second, and up only after
// frames have been well within it for some time. A rung that could not be held is tried again after
// twice the time, so that the quality does not swing. A single slow frame changes nothing.
class Governor {
 public:
  explicit Governor(const GovernorSettings& settings);

  const Quality& quality() const { return ladder_[rung_]; }

  struct Change {
    Quality quality;           // from the next frame on
    double frame_seconds = 0;  // what the usual frame took before
    bool better = false;
  };

  // A frame at quality() has taken this long, waiting for the camera left out. now: seconds of a
  // clock that never goes back.
  std::optional<Change> frame_done(double now, double frame_seconds);

 private:
  double usual(std::size_t frames) const;
  double too_slow() const;
  Change move_to(std::size_t rung, double now, double frame_seconds);
  void learn_patience(bool climbs, double now);

  const double budget_;  // seconds a frame
  const std::vector<Quality> ladder_;
  std::size_t rung_ = 0;      // of ladder_, 0 is the best
  std::deque<double> spent_;  // seconds of the last frames on this rung
  int unsettled_;             // frames to pass over: they pay for the change itself
  double patience_;           // seconds well within the budget before climbing up
  double changed_at_ = 0;
  bool climbed_ = false;  // the last change was upwards
  bool started_ = false;
};

}  // namespace live

#endif  // LIVE_GOVERNOR_HPP
