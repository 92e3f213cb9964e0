#include "live/governor.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace live {
namespace {

constexpr std::size_t kFramesDown = 5;  // their median decides
constexpr std::size_t kFramesUp = 25;
constexpr int kUnsettledFrames = 1;
constexpr double kEasyShare = 0.7;   // of the budget: below it there is time for more
constexpr double kLongestWatch = 1;  // second: two frames that fill it are enough to climb down
constexpr double kLeastPatience = 2, kMostPatience = 60;  // seconds

}  // namespace

Governor::Governor(const GovernorSettings& settings)
    : budget_(1 / settings.frames_per_second),
      ladder_(quality_ladder(settings.best, settings.least, settings.use)),
      unsettled_(kUnsettledFrames),
      patience_(kLeastPatience) {}

// Median of the last frames.
double Governor::usual(std::size_t frames) const {
  std::vector<double> last(spent_.end() - static_cast<std::ptrdiff_t>(frames), spent_.end());
  const auto middle = last.begin() + static_cast<std::ptrdiff_t>((frames - 1) / 2);
  std::nth_element(last.begin(), middle, last.end());
  return *middle;
}

// What the usual frame takes, if that is more than it has; else 0.
double Governor::too_slow() const {
  const std::size_t frames = std::min(spent_.size(), kFramesDown);
  const double watched = std::accumulate(spent_.begin(), spent_.end(), 0.0);
  if (frames < kFramesDown && (frames < 2 || watched < kLongestWatch)) return 0;
  const double slow = usual(frames);
  return slow > budget_ ? slow : 0;
}

// A rung that has to be left soon after it was climbed was too high.
void Governor::learn_patience(bool climbs, double now) {
  const bool held = now - changed_at_ > 2 * patience_;
  if (held) {
    patience_ = std::max(kLeastPatience, patience_ / 2);
  } else if (climbed_ && !climbs) {
    patience_ = std::min(kMostPatience, patience_ * 2);
  }
}

Governor::Change Governor::move_to(std::size_t rung, double now, double frame_seconds) {
  const bool climbs = rung < rung_;
  learn_patience(climbs, now);
  rung_ = rung;
  climbed_ = climbs;
  changed_at_ = now;
  spent_.clear();
  unsettled_ = kUnsettledFrames;
  return {quality(), frame_seconds, climbs};
}

std::optional<Governor::Change> Governor::frame_done(double now, double frame_seconds) {
  if (!started_) changed_at_ = now;
  started_ = true;
  if (unsettled_ > 0) {
    --unsettled_;
    return std::nullopt;
  }
  spent_.push_back(frame_seconds);
  if (spent_.size() > kFramesUp) spent_.pop_front();
  if (const double slow = too_slow(); slow > 0 && rung_ + 1 < ladder_.size()) {
    // A rung for each doubling: who is far behind does not try every one.
    const auto rungs = 1 + static_cast<std::size_t>(std::log2(slow / budget_));
    return move_to(std::min(rung_ + rungs, ladder_.size() - 1), now, slow);
  }
  if (spent_.size() == kFramesUp && rung_ > 0 && now - changed_at_ >= patience_) {
    const double easy = usual(kFramesUp);
    if (easy < kEasyShare * budget_) return move_to(rung_ - 1, now, easy);
  }
  return std::nullopt;
}

}  // namespace live
