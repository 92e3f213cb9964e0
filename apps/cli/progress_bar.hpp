// How far the work is, on standard error: a bar on a terminal, a line for each stage otherwise.
#ifndef CLI_PROGRESS_BAR_HPP
#define CLI_PROGRESS_BAR_HPP

#include <cstdint>
#include <mutex>
#include <string>

namespace cli {

// Any thread.
class ProgressBar {
 public:
  ProgressBar();
  ~ProgressBar();  // takes the bar away
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  // done of total (0: not known) units; label says what is being done. detail changes with every
  // call and is shown on a terminal only.
  void update(std::uint64_t done, std::uint64_t total, const std::string& label,
              const std::string& detail = "");

  // A line in the bar's place, for work without an end; on a terminal only.
  void status(const std::string& text);

  // A line that stays.
  void message(const std::string& text);

 private:
  void clear();

  std::mutex mutex_;
  bool on_terminal_;
  bool visible_ = false;
  std::string last_line_;
};

}  // namespace cli

#endif  // CLI_PROGRESS_BAR_HPP
