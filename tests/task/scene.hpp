// A picture of a bright disc before a striped wall, and its plate, in any format.
#ifndef MATTING_TESTS_TASK_SCENE_HPP
#define MATTING_TESTS_TASK_SCENE_HPP

#include <vector>

#include "image/pixel_rows.hpp"
#include "infer_background_matting/task.hpp"

namespace matting {

struct Scene {
  Image image, plate;

  Scene(int width, int height, PixelFormat format)
      : image(width, height, format), plate(width, height, format) {
    for (int y = 0; y < height; ++y) {
      draw_row(image.mutable_view(), y, true);
      draw_row(plate.mutable_view(), y, false);
    }
  }

  TaskInputs inputs() const { return {image.view(), plate.view(), {}, {}}; }

 private:
  // The disc stands at (0.5, 0.62) of the picture and is 0.3 of its height in radius. All values
  // are levels of 8 bits, so that 8 and 16 bit pictures hold the same scene.
  static void draw_row(const MutableImageView& view, int y, bool subject) {
    const int width = view.width;
    std::vector<float> red(width), green(width), blue(width);
    for (int x = 0; x < width; ++x) {
      const float dx = x - 0.5f * width, dy = y - 0.62f * view.height;
      const bool inside = subject && dx * dx + dy * dy < 0.09f * view.height * view.height;
      const int stripe = (x / 8 + y / 16) % 2;
      red[x] = (inside ? 220 : 60 + 20 * stripe) / 255.0f;
      green[x] = (inside ? 170 : 80 + 10 * stripe) / 255.0f;
      blue[x] = (inside ? 140 : 100) / 255.0f;
    }
    write_rgb_row(view, y, {red.data(), green.data(), blue.data()}, nullptr);
  }
};

}  // namespace matting

#endif  // MATTING_TESTS_TASK_SCENE_HPP
