// How fast frames come out, over the last two seconds.
#ifndef LIVE_PACE_HPP
#define LIVE_PACE_HPP

#include <deque>

namespace live {

class Pace {
 public:
  // A frame came out at this second of a clock that never goes back.
  void note(double now) {
    times_.push_back(now);
    while (now - times_.front() > kWindowSeconds) times_.pop_front();
  }

  // Of the frames noted last; 0 before there are two.
  double frames_per_second() const {
    if (times_.size() < 2 || times_.back() <= times_.front()) return 0;
    return static_cast<double>(times_.size() - 1) / (times_.back() - times_.front());
  }

 private:
  static constexpr double kWindowSeconds = 2;  // so that 1 frame a second still counts
  std::deque<double> times_;
};

}  // namespace live

#endif  // LIVE_PACE_HPP
