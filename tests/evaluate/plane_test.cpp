#include "evaluate/plane.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <stdexcept>

namespace matting {
namespace {

wf_image image_of(wf_format format, int width, int height, std::int64_t stride, void* data) {
  return {sizeof(wf_image), format,
          static_cast<std::uint32_t>(width), static_cast<std::uint32_t>(height),
          stride, data, 0};
}

TEST(AlphaPlane, TakesGreyAlphaOrTheMean) {
  std::uint8_t grey[8] = {0, 51, 9, 9, 255, 102, 9, 9};  // padded rows
  const Plane plane = alpha_plane(image_of(WF_FORMAT_GRAY8, 2, 2, 4, grey));
  EXPECT_FLOAT_EQ(plane.at(1, 0), 0.2f);
  EXPECT_FLOAT_EQ(plane.at(0, 1), 1.0f);
  EXPECT_FLOAT_EQ(plane.at(1, 1), 0.4f);
  std::uint8_t rgba[4] = {1, 2, 3, 255};
  EXPECT_FLOAT_EQ(alpha_plane(image_of(WF_FORMAT_BGRA8, 1, 1, 4, rgba)).at(0, 0), 1.0f);
  std::uint8_t rgb[3] = {0, 51, 102};
  EXPECT_FLOAT_EQ(alpha_plane(image_of(WF_FORMAT_RGB8, 1, 1, 3, rgb)).at(0, 0), 0.2f);
}

TEST(ColourPlane, IsRgbWhateverTheFormat) {
  std::uint16_t bgr[3] = {65535, 0, 13107};
  const Plane plane = colour_plane(image_of(WF_FORMAT_BGR16, 1, 1, 6, bgr));
  EXPECT_FLOAT_EQ(plane.at(0, 0, 0), 0.2f);
  EXPECT_FLOAT_EQ(plane.at(0, 0, 1), 0.0f);
  EXPECT_FLOAT_EQ(plane.at(0, 0, 2), 1.0f);
  std::uint8_t grey[1] = {255};
  EXPECT_FLOAT_EQ(colour_plane(image_of(WF_FORMAT_GRAY8, 1, 1, 1, grey)).at(0, 0, 2), 1.0f);
  EXPECT_THROW(colour_plane(image_of(77, 1, 1, 1, grey)), std::invalid_argument);
}

}  // namespace
}  // namespace matting
