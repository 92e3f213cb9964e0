#include <infer_background_matting/task.hpp>
#include <vector>

// Mattes a grey picture with the embedded model.
int main() {
  const std::vector<std::uint8_t> pixels(64 * 64, 128);
  const matting::ImageView view{matting::PixelFormat::kGray8, 64, 64, 64, pixels.data()};
  matting::BackgroundMattingTask task;
  task.set_parameters({{"cuda", "cpu"}});
  return task.run({view, view, {}, {}}).alpha.empty() ? 1 : 0;
}
