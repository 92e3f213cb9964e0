// A window that shows one picture after another and hears of keys.
#ifndef WORKFLOW_MEDIA_WINDOW_HPP
#define WORKFLOW_MEDIA_WINDOW_HPP

#include <string>
#include <vector>

#include "workflow/image.hpp"

namespace workflow::media {

// Main thread only. Throws Error WF_NOT_SUPPORTED where there is no display or the build has no
// window module.
class Window {
 public:
  explicit Window(const std::string& title);
  ~Window();
  Window(const Window&) = delete;
  Window& operator=(const Window&) = delete;

  // An alpha channel is shown over a checkerboard, a picture larger than the screen's usual
  // 1920x1080 scaled down. caption: lines (ASCII) written over its lower left corner,
  // wrapped where they are too long.
  void show(const Image& image, const std::vector<std::string>& caption = {});

  // Lets the window live for so long, or until a key comes: its ASCII code; -1: none.
  int wait_for_key(int milliseconds);

  // Whether it was open at the end of the last wait.
  bool open() const { return open_; }

 private:
  std::string title_;
  bool open_ = true;
};

}  // namespace workflow::media

#endif  // WORKFLOW_MEDIA_WINDOW_HPP
