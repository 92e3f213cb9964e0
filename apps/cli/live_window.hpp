// The window of a live matte: what it shows, and what its keys mean.
#ifndef CLI_LIVE_WINDOW_HPP
#define CLI_LIVE_WINDOW_HPP

#include <string>
#include <vector>

#include "live/session.hpp"
#include "media/window.hpp"

namespace cli {

// Main thread only.
class LiveWindow final : public live::LiveSink {
 public:
  LiveWindow();

  // The composite, or alpha; without a plate the camera's picture.
  void show(const video_matting::FramePointer& frame) override;

  // What the keys pressed since the last call ask for; closing the window ends the session.
  std::vector<live::Command> commands();

  // For the next picture's caption.
  void set_status(const live::Status& status) { status_ = status; }
  void set_notice(const std::string& text) { notice_ = text; }

 private:
  std::vector<std::string> caption() const;

  workflow::media::Window window_;
  live::Status status_;
  std::string notice_;
  bool shows_alpha_ = false;
};

}  // namespace cli

#endif  // CLI_LIVE_WINDOW_HPP
