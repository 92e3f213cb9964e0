#include "projection/specks.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <random>

#include "projection/soft_disc_test.hpp"

namespace matting {
namespace {

class SpecksTest : public SoftDiscTest {
 protected:
  static bool in_speck(int x, int y) { return x >= 640 && y >= 356; }
  // The disc as it is, and that much of a subject in a corner where nobody is.
  void guess_with_speck(float alpha) {
    disc_.guess([&](int x, int y) { return in_speck(x, y) ? alpha : disc_.true_alpha(x, y); });
  }
  void remove() { remove(disc_.frame()); }
  static void remove(const Frame& frame) {
    CellPatches patches;
    patches.begin(frame);
    Specks().remove_islands(frame, patches);
    Specks::fill_holes(frame, patches);
  }

  float alpha_of_speck() const { return alpha(642, 360); }
  void add_noise() {
    std::mt19937 random(5);
    std::normal_distribution<float> noise(0, 0.02f);
    disc_.change_image([&](int, int, int, float value) { return value + noise(random); });
  }
};

TEST_P(SpecksTest, IslandsGoWhereThePictureIsThePlate) {
  guess_with_speck(0.3f);
  const SoftDisc before = disc_;
  remove();
  for (int y = 0; y < disc_.height; ++y) {
    const std::vector<float> found = row(disc_.alpha, y), was = row(before.alpha, y);
    for (int x = 0; x < disc_.width; ++x) {
      const auto i = static_cast<std::size_t>(x);
      ASSERT_EQ(found[i], in_speck(x, y) ? 0 : was[i]) << x << ' ' << y;
    }
  }
}

TEST_P(SpecksTest, IslandsGoWhereThePictureIsAsNoisyAsAround) {
  add_noise();
  guess_with_speck(0.3f);
  remove();
  EXPECT_EQ(alpha_of_speck(), 0);
}

TEST_P(SpecksTest, IslandsStayWhereSomethingFaintIsSeen) {
  disc_.paint([&](int x, int y) { return in_speck(x, y) ? 0.2f : disc_.true_alpha(x, y); },
              SoftDisc::kSubject);
  add_noise();
  guess_with_speck(0.2f);
  remove();
  EXPECT_NEAR(alpha_of_speck(), 0.2f, 0.01f);
}

TEST_P(SpecksTest, IslandsStayWhereTheNetworkIsSure) {
  guess_with_speck(0.6f);
  remove();
  EXPECT_NEAR(alpha_of_speck(), 0.6f, 0.01f);
}

TEST_P(SpecksTest, IslandsStayWhereTheyTouchTheBody) {
  const auto haze = [&](int x, int y) { return std::max(0.1f, disc_.true_alpha(x, y)); };
  disc_.guess(haze);
  remove();
  EXPECT_NEAR(alpha_of_speck(), 0.1f, 0.01f);
}

TEST_P(SpecksTest, IslandsGoWithWhatBelongsToThem) {
  guess_with_speck(0.3f);
  std::memset(disc_.foreground.mutable_view().row(360), 7,
              3u * 643u * static_cast<std::size_t>(channel_bytes(GetParam())));
  Frame frame = disc_.frame();
  frame.composite = disc_.composite.mutable_view();
  frame.has_background_color = true;
  frame.background_color[0] = 255;
  remove(frame);
  EXPECT_EQ(row(disc_.foreground, 360).back(), row(disc_.image, 360).back()) << "as the image";
  EXPECT_NE(row(disc_.foreground, 360).front(), row(disc_.image, 360).front()) << "left alone";
  EXPECT_EQ(row(disc_.composite, 360).back(), 1) << "only background";
  EXPECT_EQ(row(disc_.composite, 360).front(), 0) << "left alone";
}

TEST_P(SpecksTest, IslandsGoEvenIfTheyAreTheWholePicture) {
  disc_.paint([](int, int) { return 0.0f; }, SoftDisc::kSubject);
  disc_.guess([](int x, int) { return x % 7 == 0 ? 0.4f : 0.1f; });
  remove();
  EXPECT_EQ(disc_.error(), 0);
}

// A dip of alpha in the middle of the disc, 5 pixels wide.
TEST_P(SpecksTest, HolesAreFilledWhereMostOfThePixelIsSubject) {
  const auto dip = [&](float depth) {
    return [this, depth](int x, int y) {
      return disc_.true_alpha(x, y) * (disc_.distance(x, y) < 5 - SoftDisc::kRadius ? depth : 1);
    };
  };
  disc_.guess(dip(0.7f));
  std::memset(disc_.foreground.mutable_view().row(180), 7,
              3u * 643u * static_cast<std::size_t>(channel_bytes(GetParam())));
  remove();
  EXPECT_EQ(disc_.error(), 0);
  EXPECT_EQ(row(disc_.foreground, 180)[321], row(disc_.image, 180)[321]) << "as the image";
  disc_.guess(dip(0.6f));
  remove();
  EXPECT_NEAR(alpha(321, 180), 0.6f, 0.01f) << "a gap in the body";
}

TEST_P(SpecksTest, HolesAreNoneWhereNothingIsSure) {
  disc_.guess([](int, int) { return 0.8f; });
  remove();
  EXPECT_NEAR(alpha(321, 180), 0.8f, 0.01f);
}

INSTANTIATE_TEST_SUITE_P(Depths, SpecksTest,
                         ::testing::Values(PixelFormat::kGray8, PixelFormat::kGray16), depth_name);

}  // namespace
}  // namespace matting
