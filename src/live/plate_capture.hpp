// Taking the plate from the running camera: wait until everybody is out, average, refuse if not.
#ifndef LIVE_PLATE_CAPTURE_HPP
#define LIVE_PLATE_CAPTURE_HPP

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "workflow/image.hpp"

namespace live {

struct PlateCaptureSettings {
  double countdown_seconds = 5;  // to step out of the picture
  double burst_seconds = 1;      // the frames of at least so long are averaged ...
  int burst_frames = 15;         // ... and at least so many
};

// A plate, or why there is none.
struct PlateOutcome {
  workflow::Image plate;  // the frames' size and format, with a generation number; empty: refused
  std::string refusal;    // for people
  int frames = 0;
};

// A capture that can be run again and again. Time is given by the caller: seconds of a clock that
// never goes back. One thread.
class PlateCapture {
 public:
  explicit PlateCapture(const PlateCaptureSettings& settings = {}) : settings_(settings) {}

  // Begins the countdown, anew if one is under way.
  void start(double now);
  bool running() const { return running_; }

  // Until the burst begins; 0 during it.
  double seconds_left(double now) const;

  // A frame of the camera (8 bit), as they come: passed over during the countdown, then part of the
  // burst. The outcome with the last one, or as soon as somebody moves. The pixels are not kept.
  std::optional<PlateOutcome> add(const workflow::Image& frame, double now);

 private:
  void begin_burst(const workflow::Image& frame, double now);
  void sum(const workflow::Image& frame);
  std::optional<PlateOutcome> refuse(const std::string& reason);
  PlateOutcome mean(const workflow::Image& like);

  PlateCaptureSettings settings_;
  bool running_ = false;
  double started_at_ = 0;
  double burst_at_ = 0;
  int frames_ = 0;  // of the burst, so far
  std::vector<std::uint32_t> sums_;
  std::vector<float> first_blocks_;  // of the burst's first frame
};

}  // namespace live

#endif  // LIVE_PLATE_CAPTURE_HPP
