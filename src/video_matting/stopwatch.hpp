// Time that a stage works.
#ifndef VIDEO_MATTING_STOPWATCH_HPP
#define VIDEO_MATTING_STOPWATCH_HPP

#include <chrono>

namespace video_matting {

class Stopwatch {
 public:
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace video_matting

#endif  // VIDEO_MATTING_STOPWATCH_HPP
