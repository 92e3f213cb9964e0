#include "media/show.hpp"

#include "media/window.hpp"

namespace workflow::media {
namespace {

constexpr int kPollMilliseconds = 100;

}  // namespace

void show_image(const Image& image, const std::string& title) {
  Window window(title);
  window.show(image);
  while (window.wait_for_key(kPollMilliseconds) < 0 && window.open()) {
  }
}

}  // namespace workflow::media
