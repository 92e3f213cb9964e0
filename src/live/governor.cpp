#include "live/governor.hpp"

#include <algorithm>

namespace live {
namespace {

constexpr double kScaleStep = 0.8;      // of the scale, a rung
constexpr std::size_t kFramesDown = 5;  // their median decides
constexpr std::size_t kFramesUp = 25;
constexpr int kUnsettledFrames = 2;
constexpr double kEasyShare = 0.7;  // of the budget: below it there is time for more
constexpr double kFarOver = 2;      // times the budget: two rungs at once
constexpr double kLeastPatience = 2, kMostPatience = 60;  // seconds

}  // namespace

std::vector<Quality> quality_ladder(const Quality& best, const Quality& least) {
  std::vector<Quality> ladder = {best};
  while (ladder.back().refine_pixels > least.refine_pixels) {
    Quality next = ladder.back();
    next.refine_pixels = std::max(least.refine_pixels, next.refine_pixels / 2);
    ladder.push_back(next);
  }
  while (ladder.back().scale > least.scale) {
    Quality next = ladder.back();
    next.scale = std::max(least.scale, next.scale * kScaleStep);
    ladder.push_back(next);
  }
  return ladder;
}

Governor::Governor(const GovernorSettings& settings)
    : budget_(1 / settings.frames_per_second),
      ladder_(quality_ladder(settings.best, settings.least)),
      unsettled_(kUnsettledFrames),
      patience_(kLeastPatience) {}

// Median of the last frames.
double Governor::usual(std::size_t frames) const {
  std::vector<double> last(spent_.end() - static_cast<std::ptrdiff_t>(frames), spent_.end());
  const auto middle = last.begin() + static_cast<std::ptrdiff_t>(frames / 2);
  std::nth_element(last.begin(), middle, last.end());
  return *middle;
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
  if (spent_.size() >= kFramesDown && rung_ + 1 < ladder_.size()) {
    const double slow = usual(kFramesDown);
    const std::size_t rungs = slow > kFarOver * budget_ ? 2 : 1;
    if (slow > budget_) return move_to(std::min(rung_ + rungs, ladder_.size() - 1), now, slow);
  }
  if (spent_.size() == kFramesUp && rung_ > 0 && now - changed_at_ >= patience_) {
    const double easy = usual(kFramesUp);
    if (easy < kEasyShare * budget_) return move_to(rung_ - 1, now, easy);
  }
  return std::nullopt;
}

}  // namespace live
