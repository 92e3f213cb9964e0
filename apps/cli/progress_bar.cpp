#include "cli/progress_bar.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>

namespace cli {
namespace {

constexpr std::uint64_t kBarWidth = 30;  // characters

// A longer line would go on in the next one, where it cannot be taken away.
std::string cut_to_terminal(const std::string& text) {
  winsize size = {};
  const bool known = ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? text.substr(0, size.ws_col - 1u) : text;
}

}  // namespace

ProgressBar::ProgressBar() : on_terminal_(::isatty(STDERR_FILENO) == 1) {}

ProgressBar::~ProgressBar() {
  clear();
}

void ProgressBar::update(std::uint64_t done, std::uint64_t total, const std::string& label,
                         const std::string& detail) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const std::uint64_t percent = total == 0 ? 0 : std::min(done, total) * 100 / total;
  if (on_terminal_) {
    const std::uint64_t filled = percent * kBarWidth / 100;
    std::cerr << "\r\033[K[" << std::string(filled, '#') << std::string(kBarWidth - filled, '.')
              << "] " << percent << " % " << label << detail << std::flush;
    visible_ = true;
    return;
  }
  // In a log, tens of per cent are enough.
  const std::string line = std::to_string(percent / 10 * 10) + " % " + label;
  if (line != last_line_) std::cerr << line << "\n";
  last_line_ = line;
}

void ProgressBar::status(const std::string& text) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!on_terminal_) return;
  std::cerr << "\r\033[K" << cut_to_terminal(text) << std::flush;
  visible_ = true;
}

void ProgressBar::message(const std::string& text) {
  const std::lock_guard<std::mutex> lock(mutex_);
  clear();
  std::cerr << text << "\n";
}

void ProgressBar::clear() {
  if (visible_) std::cerr << "\r\033[K" << std::flush;
  visible_ = false;
}

}  // namespace cli
