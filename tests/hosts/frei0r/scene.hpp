// A ball before a wall, and the wall as a file.
#ifndef TESTS_HOSTS_FREI0R_SCENE_HPP
#define TESTS_HOSTS_FREI0R_SCENE_HPP

#include <cstring>

#include "frei0r_module.hpp"
#include "hosts/bmp_file.hpp"
#include "temporary_folder.hpp"

struct Scene {
  Scene(int scene_width, int scene_height) : width(scene_width), height(scene_height) {
    write_bmp(plate(), width, height, wall_color);
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) frame.push_back(pixel(x, y));
    }
  }
  std::string plate() const { return folder.file("plate.bmp"); }

  TemporaryFolder folder;
  int width, height;
  Pixels frame;

 private:
  std::uint32_t pixel(int x, int y) const {
    const int from_middle_x = x - width / 2, from_middle_y = y - height / 2, radius = height / 3;
    const bool inside =
        from_middle_x * from_middle_x + from_middle_y * from_middle_y < radius * radius;
    const Color color = inside ? Color{210, 60, 40} : wall_color(x, y);
    const std::uint8_t bytes[4] = {color[0], color[1], color[2], 255};
    std::uint32_t value;
    std::memcpy(&value, bytes, sizeof value);
    return value;
  }
};

#endif  // TESTS_HOSTS_FREI0R_SCENE_HPP
