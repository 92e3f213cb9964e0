#include "media/window.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <sstream>

#include "workflow/error.hpp"

#ifdef MATTING_HAS_HIGHGUI
#include <opencv2/highgui.hpp>
#include <opencv2/imgproc.hpp>

#include "media/mat_view.hpp"
#endif

namespace workflow::media {
namespace {

[[noreturn, maybe_unused]] void no_window(const std::string& reason) {
  throw Error(WF_NOT_SUPPORTED, "cannot show a window: " + reason);
}

#ifdef MATTING_HAS_HIGHGUI

constexpr int kShownWidth = 1920, kShownHeight = 1080;
constexpr int kCheckerPixels = 16;
constexpr int kLineHeight = 22, kMargin = 8;  // pixels, of a caption
constexpr int kFont = cv::FONT_HERSHEY_SIMPLEX;
constexpr double kFontScale = 0.5;

bool accepts_connections(const std::string& socket_path) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  if (socket_path.size() >= sizeof(address.sun_path)) return false;
  std::strcpy(address.sun_path, socket_path.c_str());
  const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const bool accepted =
      ::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
  ::close(descriptor);
  return accepted;
}

// The window libraries end the process where they reach no display, so look first.
void check_display() {
  const char* wayland = std::getenv("WAYLAND_DISPLAY");
  if (wayland != nullptr && *wayland != '\0') return;
  const char* display = std::getenv("DISPLAY");
  if (display == nullptr || *display == '\0') {
    no_window("neither DISPLAY nor WAYLAND_DISPLAY is set; look at the files instead");
  }
  const bool local = display[0] == ':';
  const std::string number = std::string(display).substr(1, std::strcspn(display + 1, "."));
  if (local && !accepts_connections("/tmp/.X11-unix/X" + number)) {
    no_window("no display answers at DISPLAY=" + std::string(display));
  }
}

cv::Mat over_checkerboard(const cv::Mat& bgra) {
  cv::Mat result(bgra.size(), CV_8UC3);
  for (int y = 0; y < bgra.rows; ++y) {
    for (int x = 0; x < bgra.cols; ++x) {
      const cv::Vec4b& pixel = bgra.at<cv::Vec4b>(y, x);
      const int square = (x / kCheckerPixels + y / kCheckerPixels) % 2 == 0 ? 150 : 105;
      for (int c = 0; c < 3; ++c) {
        result.at<cv::Vec3b>(y, x)[c] = static_cast<std::uint8_t>(
            (pixel[c] * pixel[3] + square * (255 - pixel[3]) + 127) / 255);
      }
    }
  }
  return result;
}

cv::Mat as_shown(const Image& image) {
  cv::Mat pixels = bgr_view(image.view());
  if (pixels.depth() == CV_16U) pixels.convertTo(pixels, CV_8U, 1.0 / 257);
  const double scale =
      std::min({1.0, double(kShownWidth) / pixels.cols, double(kShownHeight) / pixels.rows});
  if (scale < 1) cv::resize(pixels, pixels, cv::Size(), scale, scale, cv::INTER_AREA);
  return pixels.channels() == 4 ? over_checkerboard(pixels) : pixels;
}

bool fits(const std::string& line, int width) {
  return cv::getTextSize(line, kFont, kFontScale, 1, nullptr).width + 2 * kMargin <= width;
}

// Lines that are wider than the picture go on in the next, a word at least in each.
std::vector<std::string> wrapped(const std::vector<std::string>& caption, int width) {
  std::vector<std::string> lines;
  for (const std::string& text : caption) {
    std::istringstream words(text);
    std::string line, word;
    while (words >> word) {
      const std::string longer = line.empty() ? word : line + " " + word;
      if (!line.empty() && !fits(longer, width)) {
        lines.push_back(line);
        line = word;
      } else {
        line = longer;
      }
    }
    lines.push_back(line);
  }
  return lines;
}

// Lines at the lower left, white with a dark rim so that they can be read on anything.
cv::Mat with_caption(const cv::Mat& picture, const std::vector<std::string>& caption) {
  const std::vector<std::string> lines = wrapped(caption, picture.cols);
  cv::Mat result;
  if (picture.channels() == 1) {
    cv::cvtColor(picture, result, cv::COLOR_GRAY2BGR);
  } else {
    result = picture.clone();
  }
  int y = picture.rows - kLineHeight * static_cast<int>(lines.size()) + kLineHeight / 2;
  for (const std::string& line : lines) {
    for (const auto& [colour, thickness] : {std::pair(0, 3), std::pair(255, 1)}) {
      cv::putText(result, line, {kMargin, y}, kFont, kFontScale, cv::Scalar::all(colour), thickness,
                  cv::LINE_AA);
    }
    y += kLineHeight;
  }
  return result;
}

template <typename Call>
void call_toolkit(const Call& call) {
  try {
    call();
  } catch (const cv::Exception& error) {
    no_window(error.err);
  }
}

#endif  // MATTING_HAS_HIGHGUI

}  // namespace

#ifdef MATTING_HAS_HIGHGUI

Window::Window(const std::string& title) : title_(title) {
  check_display();
  call_toolkit([this] { cv::namedWindow(title_, cv::WINDOW_AUTOSIZE | cv::WINDOW_GUI_NORMAL); });
}

Window::~Window() {
  try {
    if (open_) cv::destroyWindow(title_);
  } catch (const cv::Exception&) {  // somebody else has closed it
  }
}

void Window::show(const Image& image, const std::vector<std::string>& caption) {
  call_toolkit([&] {
    cv::Mat pixels = as_shown(image);
    if (!caption.empty()) pixels = with_caption(pixels, caption);
    cv::imshow(title_, pixels);
  });
}

int Window::wait_for_key(int milliseconds) {
  int key = -1;
  call_toolkit([&] {
    key = cv::waitKey(milliseconds);
    open_ = cv::getWindowProperty(title_, cv::WND_PROP_VISIBLE) > 0;
  });
  return key < 0 ? -1 : key & 0xff;
}

#else
Window::Window(const std::string&) {
  no_window("this build has no OpenCV highgui; install libopencv-highgui-dev and build again");
}
Window::~Window() = default;
void Window::show(const Image&, const std::vector<std::string>&) {}
int Window::wait_for_key(int) {
  return -1;
}
#endif

}  // namespace workflow::media
