#include "cli/live_window.hpp"

#include <cmath>

namespace cli {
namespace {

constexpr const char* kTitle = "matting";
constexpr const char* kKeys = "[p]late [b]ackground [a]lpha [q]uit";
constexpr int kEscape = 27;

}  // namespace

LiveWindow::LiveWindow() : window_(kTitle) {}

void LiveWindow::show(const video_matting::FramePointer& frame) {
  const auto result = shows_alpha_ ? video_matting::kAlpha : video_matting::kComposite;
  const workflow::Image& matted = frame->results[result];
  window_.show(matted.empty() ? frame->source.image : matted, caption());
}

std::vector<std::string> LiveWindow::caption() const {
  std::vector<std::string> lines = {kKeys};
  if (status_.taking_plate) {
    const int seconds = static_cast<int>(std::ceil(status_.countdown_seconds));
    lines.insert(lines.begin(), seconds > 0 ? "leave the picture: " + std::to_string(seconds)
                                            : "taking the plate: keep out");
  } else if (!notice_.empty()) {
    lines.insert(lines.begin(), notice_);
  }
  lines.insert(lines.begin(), status_.plate_warnings.begin(), status_.plate_warnings.end());
  return lines;
}

std::vector<live::Command> LiveWindow::commands() {
  std::vector<live::Command> commands;
  const int key = window_.wait_for_key(1);
  if (key == 'p' || key == ' ') commands.push_back(live::Command::kTakePlate);
  if (key == 'b') commands.push_back(live::Command::kNextBackground);
  if (key == 'a') shows_alpha_ = !shows_alpha_;
  if (key == 'q' || key == kEscape || !window_.open()) commands.push_back(live::Command::kQuit);
  return commands;
}

}  // namespace cli
