// 4:2:0 and pixels, against the definition in doubles; any size, both orders, every matrix.
#include "video/yuv420.hpp"

#include <gtest/gtest.h>
#include <hwy/targets.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <string>

extern "C" {
#include <libavutil/pixfmt.h>
}

namespace workflow::video {
namespace {

struct Planes {
  Planes(int w, int h) : width(w), height(h), columns((w + 1) / 2), rows((h + 1) / 2) {
    for (int i = 0; i < 3; ++i) {
      plane[i].resize(static_cast<std::size_t>(i == 0 ? w * h : columns * rows));
    }
  }

  template <typename Byte>
  Yuv420Planes<Byte> view() {
    return {{plane[0].data(), plane[1].data(), plane[2].data()},
            {width, columns, columns},
            width,
            height};
  }

  // Chroma where luma (x, y) is, by linear interpolation.
  double chroma(int index, ChromaSite site, int x, int y) const {
    const auto at = [&](int column, int row) -> double {
      column = std::clamp(column, 0, columns - 1);
      row = std::clamp(row, 0, rows - 1);
      return plane[index][static_cast<std::size_t>(row * columns + column)];
    };
    const auto across = [&](int row) {
      const double place = site == ChromaSite::kLeft ? x / 2.0 : (x - 0.5) / 2;
      const int left = static_cast<int>(std::floor(place));
      return at(left, row) + (place - left) * (at(left + 1, row) - at(left, row));
    };
    return 0.75 * across(y / 2) + 0.25 * across(y / 2 + (y % 2 == 0 ? -1 : 1));
  }

  int width, height, columns, rows;
  std::vector<std::uint8_t> plane[3];
};

void fill(std::uint8_t* begin, std::size_t count, std::mt19937& random) {
  // Many at the ends, where sums are largest.
  std::generate_n(begin, count, [&random] {
    const unsigned value = random() % 512;
    return static_cast<std::uint8_t>(value < 256 ? value : (value % 2 == 0 ? 0 : 255));
  });
}

struct Case {
  int width, height, matrix;
  bool full_range;
};

class Yuv420 : public testing::TestWithParam<Case> {
 protected:
  // Largest distance of a channel from the definition, in levels.
  double worst_error_of_pixels(Planes& planes, ChromaSite site, wf_format format) {
    Image image(static_cast<std::uint32_t>(width_), static_cast<std::uint32_t>(height_), format);
    conversion_.to_pixels(planes.view<const std::uint8_t>(), site, image.view());
    const int red_at = format == WF_FORMAT_BGR8 ? 2 : 0;
    double worst = 0;
    for (int y = 0; y < height_; ++y) {
      for (int x = 0; x < width_; ++x) {
        const double luma =
            (planes.plane[0][static_cast<std::size_t>(y * width_ + x)] - black_) / luma_levels_;
        const double cb = (planes.chroma(1, site, x, y) - 128) / chroma_levels_;
        const double cr = (planes.chroma(2, site, x, y) - 128) / chroma_levels_;
        const double red = luma + 2 * (1 - weights_.red) * cr;
        const double blue = luma + 2 * (1 - weights_.blue) * cb;
        const double green = (luma - weights_.red * red - weights_.blue * blue) / green_;
        const std::uint8_t* pixel = image.row(static_cast<std::uint32_t>(y)) + 3 * x;
        const auto check = [&](int channel, double wanted) {
          worst = std::max(worst, std::abs(pixel[channel] - std::clamp(255 * wanted, 0.0, 255.0)));
        };
        check(red_at, red), check(1, green), check(2 - red_at, blue);
      }
    }
    return worst;
  }

  const int width_ = GetParam().width, height_ = GetParam().height;
  const bool full_ = GetParam().full_range;
  const LumaWeights weights_ = luma_weights(GetParam().matrix).value();
  const double luma_levels_ = full_ ? 255 : 219, chroma_levels_ = full_ ? 255 : 224;
  const double black_ = full_ ? 0 : 16;
  const double green_ = 1 - weights_.red - weights_.blue;
  std::mt19937 random_{7};
  Yuv420Conversion conversion_{weights_, full_};
};

constexpr double kWorst = 0.6;

TEST_P(Yuv420, IsReadByTheDefinition) {
  Planes planes(width_, height_);
  for (auto& plane : planes.plane) fill(plane.data(), plane.size(), random_);
  for (const ChromaSite site : {ChromaSite::kLeft, ChromaSite::kCentre}) {
    for (const wf_format format : {WF_FORMAT_RGB8, WF_FORMAT_BGR8}) {
      EXPECT_LT(worst_error_of_pixels(planes, site, format), kWorst)
          << format_name(format) << (site == ChromaSite::kLeft ? " left" : " centre");
    }
  }
}

TEST_P(Yuv420, IsWrittenByTheDefinition) {
  for (const wf_format format : {WF_FORMAT_RGB8, WF_FORMAT_BGR8}) {
    Image image(static_cast<std::uint32_t>(width_), static_cast<std::uint32_t>(height_), format);
    for (int y = 0; y < height_; ++y) {
      fill(image.row(static_cast<std::uint32_t>(y)), static_cast<std::size_t>(3 * width_), random_);
    }
    Planes planes(width_, height_);
    conversion_.to_planes(image.view(), planes.view<std::uint8_t>());
    const int red = format == WF_FORMAT_BGR8 ? 2 : 0;
    const auto at = [&](int x, int y, int channel) {
      x = std::clamp(x, 0, width_ - 1), y = std::clamp(y, 0, height_ - 1);
      return image.row(static_cast<std::uint32_t>(y))[3 * x + channel] / 255.0;
    };
    const auto luma_of = [&](double r, double g, double b) {
      return weights_.red * r + green_ * g + weights_.blue * b;
    };
    double worst = 0;
    for (int y = 0; y < height_; ++y) {
      for (int x = 0; x < width_; ++x) {
        const double luma = luma_of(at(x, y, red), at(x, y, 1), at(x, y, 2 - red));
        const int found = planes.plane[0][static_cast<std::size_t>(y * width_ + x)];
        worst = std::max(worst, std::abs(found - (black_ + luma_levels_ * luma)));
      }
    }
    EXPECT_LT(worst, kWorst) << "luma, " << format_name(format);
    worst = 0;
    for (int row = 0; row < planes.rows; ++row) {
      for (int column = 0; column < planes.columns; ++column) {
        const auto mean = [&](int channel) {
          double sum = 0;
          for (int y = 2 * row; y < 2 * row + 2; ++y) {
            sum += at(2 * column - 1, y, channel) + 2 * at(2 * column, y, channel) +
                   at(2 * column + 1, y, channel);
          }
          return sum / 8;
        };
        const double r = mean(red), b = mean(2 - red), luma = luma_of(r, mean(1), b);
        const double wanted[2] = {(b - luma) / (2 * (1 - weights_.blue)),
                                  (r - luma) / (2 * (1 - weights_.red))};
        for (int i = 0; i < 2; ++i) {
          const int found =
              planes.plane[i + 1][static_cast<std::size_t>(row * planes.columns + column)];
          const double exact = std::min(128 + chroma_levels_ * wanted[i], 255.0);
          worst = std::max(worst, std::abs(found - exact));
        }
      }
    }
    EXPECT_LT(worst, kWorst) << "chroma, " << format_name(format);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Sizes, Yuv420,
    testing::Values(Case{134, 6, AVCOL_SPC_BT709, false}, Case{133, 7, AVCOL_SPC_BT709, true},
                    Case{96, 5, AVCOL_SPC_SMPTE170M, false}, Case{71, 4, AVCOL_SPC_BT470BG, true},
                    Case{66, 3, AVCOL_SPC_BT2020_NCL, false},
                    Case{65, 2, AVCOL_SPC_SMPTE240M, true}, Case{1, 1, AVCOL_SPC_BT709, false},
                    Case{2, 1, AVCOL_SPC_BT709, true}, Case{17, 33, AVCOL_SPC_BT709, false}));

std::vector<std::uint8_t> bytes_there_and_back() {
  std::mt19937 random(3);
  Planes planes(201, 9);
  for (auto& plane : planes.plane) fill(plane.data(), plane.size(), random);
  Yuv420Conversion conversion(luma_weights(AVCOL_SPC_BT709).value(), false);
  Image image(201, 9, WF_FORMAT_RGB8);
  std::vector<std::uint8_t> bytes;
  for (const ChromaSite site : {ChromaSite::kLeft, ChromaSite::kCentre}) {
    conversion.to_pixels(planes.view<const std::uint8_t>(), site, image.view());
    for (std::uint32_t y = 0; y < 9; ++y) {
      bytes.insert(bytes.end(), image.row(y), image.row(y) + 3 * 201);
    }
  }
  conversion.to_planes(image.view(), planes.view<std::uint8_t>());
  for (const auto& plane : planes.plane) bytes.insert(bytes.end(), plane.begin(), plane.end());
  return bytes;
}

TEST(Yuv420Targets, AllGiveTheSameBytes) {
  const std::vector<std::uint8_t> wanted = bytes_there_and_back();
  const auto targets = static_cast<std::uint64_t>(hwy::SupportedTargets());
  for (std::uint64_t target = 1; target != 0; target <<= 1) {
    if ((targets & target & static_cast<std::uint64_t>(HWY_TARGETS)) == 0) continue;
    hwy::SetSupportedTargetsForTest(static_cast<std::int64_t>(target));
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
    EXPECT_TRUE(bytes_there_and_back() == wanted)
        << hwy::TargetName(static_cast<std::int64_t>(target));
  }
  hwy::SetSupportedTargetsForTest(0);
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

TEST(Yuv420Weights, AreThoseOfMatricesOfLuma) {
  EXPECT_FALSE(luma_weights(AVCOL_SPC_YCGCO).has_value());
  EXPECT_FALSE(luma_weights(AVCOL_SPC_RGB).has_value());
}

}  // namespace
}  // namespace workflow::video
