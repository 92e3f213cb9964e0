// A camera that gives frames when the test says so.
#ifndef TESTS_LIVE_SCRIPTED_CAMERA_HPP
#define TESTS_LIVE_SCRIPTED_CAMERA_HPP

#include <condition_variable>
#include <functional>
#include <mutex>

#include "video/live_source.hpp"
#include "workflow/error.hpp"

namespace live {

// Frame i shows draw(i) and was captured at `i * 40 ms`. It waits in read() until let() has let as
// many frames go; after `last` frames it ends, or throws if `breaks`.
class ScriptedCamera final : public workflow::video::LiveSource {
 public:
  using Draw = std::function<workflow::Image(int)>;
  ScriptedCamera(std::uint32_t width, std::uint32_t height, Draw draw, int last,
                 bool breaks = false)
      : draw_(std::move(draw)), last_(last), breaks_(breaks) {
    info_.width = width;
    info_.height = height;
    info_.time_base = {1, workflow::video::kLiveTicks};
    info_.average_rate = {25, 1};
  }

  const workflow::video::ClipInfo& info() const override { return info_; }

  bool read(workflow::video::Frame& frame) override {
    std::unique_lock<std::mutex> lock(mutex_);
    ++asked_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return stopped_ || given_ < allowed_; });
    if (stopped_) return false;
    if (given_ == last_) {
      if (breaks_) throw workflow::Error(WF_READ_FAILED, "the camera is gone");
      return false;
    }
    frame.image = draw_(given_);
    frame.timestamp = std::int64_t{given_} * kFrameTicks;
    frame.duration = kFrameTicks;
    ++given_;
    return true;
  }

  void stop() noexcept override {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopped_ = true;
    changed_.notify_all();
  }

  // Lets count more frames go (one more than there are: the end) and waits until somebody asks for
  // the one after them.
  void let(int count) {
    std::unique_lock<std::mutex> lock(mutex_);
    allowed_ += count;
    changed_.notify_all();
    changed_.wait(lock, [this] { return stopped_ || asked_ > allowed_ || allowed_ > last_; });
  }

  // Seconds of its clock when it has given so many frames: the last one is `age` old.
  double seconds(double age = 0) {
    const std::lock_guard<std::mutex> lock(mutex_);
    return given_ * kFrameTicks / static_cast<double>(workflow::video::kLiveTicks) + age;
  }

 private:
  static constexpr std::int64_t kFrameTicks = 40'000;
  const Draw draw_;
  const int last_;
  const bool breaks_;
  workflow::video::ClipInfo info_;
  std::mutex mutex_;
  std::condition_variable changed_;
  int allowed_ = 0, given_ = 0, asked_ = 0;
  bool stopped_ = false;
};

}  // namespace live

#endif  // TESTS_LIVE_SCRIPTED_CAMERA_HPP
