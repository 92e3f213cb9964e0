// A disc of one colour with a soft edge before a striped wall, its plate, and its truth.
#ifndef MATTING_TESTS_PROJECTION_SOFT_DISC_HPP
#define MATTING_TESTS_PROJECTION_SOFT_DISC_HPP

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include "image/frame.hpp"
#include "image/pixel_rows.hpp"

namespace matting {

struct SoftDisc {
  static constexpr float kSubject[3] = {0.85f, 0.3f, 0.2f};
  static constexpr float kRadius = 50, kSoftness = 12;  // pixels

  SoftDisc(int image_width, int image_height, PixelFormat format, PixelFormat gray)
      : width(image_width),
        height(image_height),
        image(width, height, format),
        plate(width, height, format),
        truth(width, height, gray),
        alpha(width, height, gray),
        foreground(width, height, format),
        composite(width, height, format) {
    paint([this](int x, int y) { return true_alpha(x, y); }, kSubject);
  }

  float distance(int x, int y) const {
    return std::hypot(static_cast<float>(x) - 0.5f * static_cast<float>(width),
                      static_cast<float>(y) - 0.5f * static_cast<float>(height)) -
           kRadius;
  }
  float true_alpha(int x, int y) const {
    return std::clamp(0.5f - distance(x, y) / kSoftness, 0.0f, 1.0f);
  }
  static float wall(int x, int c) {
    return (x / 5 % 2 == 0 ? 0.25f : 0.35f) + 0.1f * static_cast<float>(c);
  }

  using Alpha = std::function<float(int x, int y)>;

  // The picture with that alpha of a subject of that colour.
  void paint(const Alpha& value, const float (&subject)[3]) {
    for_rows([&](int y, std::vector<float>& row) {
      for (int x = 0; x < width; ++x) {
        const float a = value(x, y);
        row[static_cast<std::size_t>(x)] = a;
        for (int c = 0; c < 3; ++c) at(row, c, x) = a * subject[c] + (1 - a) * wall(x, c);
      }
      write_gray_row(truth.mutable_view(), y, row.data());
      write_rgb_row(image.mutable_view(), y, planes(row), nullptr);
      for (int x = 0; x < width; ++x) {
        for (int c = 0; c < 3; ++c) at(row, c, x) = wall(x, c);
      }
      write_rgb_row(plate.mutable_view(), y, planes(row), nullptr);
    });
  }

  // What a network could have said: alpha, and the image as foreground.
  void guess(const Alpha& value) {
    for_rows([&](int y, std::vector<float>& row) {
      for (int x = 0; x < width; ++x) row[static_cast<std::size_t>(x)] = value(x, y);
      write_gray_row(alpha.mutable_view(), y, row.data());
      read_rgb_row(image.view(), y, planes(row));
      write_rgb_row(foreground.mutable_view(), y, planes(row), nullptr);
    });
  }
  // An edge that is twice too wide.
  void guess_too_soft() {
    guess([this](int x, int y) {
      return std::clamp(0.5f - distance(x, y) / (2 * kSoftness), 0.0f, 1.0f);
    });
  }

  // Each value of the picture becomes change(x, y, c, value); a row's reds come first.
  template <class Change>
  void change_image(const Change& change) {
    for_rows([&](int y, std::vector<float>& row) {
      read_rgb_row(image.view(), y, planes(row));
      for (int c = 0; c < 3; ++c) {
        for (int x = 0; x < width; ++x) at(row, c, x) = change(x, y, c, at(row, c, x));
      }
      write_rgb_row(image.mutable_view(), y, planes(row), nullptr);
    });
  }

  Frame frame() {
    Frame frame;
    frame.image = image.view();
    frame.plate = plate.view();
    frame.alpha = alpha.mutable_view();
    frame.foreground = foreground.mutable_view();
    return frame;
  }

  // Mean of |alpha - truth|, 0..1, over pixels that are nearer to the edge than that.
  double error(float near = 1e9f) const {
    std::vector<float> found(static_cast<std::size_t>(width)), wanted(found);
    double sum = 0;
    int count = 0;
    for (int y = 0; y < height; ++y) {
      read_first_channel_row(alpha.view(), y, found.data());
      read_first_channel_row(truth.view(), y, wanted.data());
      for (int x = 0; x < width; ++x) {
        if (std::abs(distance(x, y)) > near) continue;
        sum += std::abs(found[static_cast<std::size_t>(x)] - wanted[static_cast<std::size_t>(x)]);
        ++count;
      }
    }
    return sum / count;
  }

  int width, height;
  Image image, plate, truth, alpha, foreground, composite;

 private:
  float& at(std::vector<float>& row, int c, int x) const {
    return row[static_cast<std::size_t>((c + 1) * width + x)];
  }
  RgbRow planes(std::vector<float>& row) const {
    return rgb_planes(row.data() + width, static_cast<std::size_t>(width));
  }
  template <class Body>
  void for_rows(const Body& body) {
    std::vector<float> row(static_cast<std::size_t>(4 * width));
    for (int y = 0; y < height; ++y) body(y, row);
  }
};

}  // namespace matting

#endif  // MATTING_TESTS_PROJECTION_SOFT_DISC_HPP
