#include "projection/doubts.hpp"

#include <gtest/gtest.h>

#include <random>

#include "projection/soft_disc_test.hpp"

namespace matting {
namespace {

class DoubtsTest : public SoftDiscTest {
 protected:
  // The disc is as bright as the wall in shadow, of that colour, and as rough as that.
  void paint(const float (&colour)[3], float roughness) {
    disc_.paint([](int, int) { return 0.0f; }, SoftDisc::kSubject);
    std::mt19937 random(5);
    std::normal_distribution<float> noise(0, roughness);
    std::vector<float> more(static_cast<std::size_t>(disc_.width));  // grey, of a row
    disc_.change_image([&](int x, int y, int c, float value) {
      if (disc_.distance(x, y) > 0) return value;
      float& grey = more[static_cast<std::size_t>(x)];
      if (c == 0) grey = noise(random);
      return colour[c] * value + grey;
    });
  }

  // The network doubts what lies within 20 pixels of the middle.
  void doubt_the_middle() {
    disc_.guess([this](int x, int y) {
      const float distance = disc_.distance(x, y);
      return distance > 0 ? 0.0f : distance < 20 - SoftDisc::kRadius ? kDoubt : 1.0f;
    });
  }
  // It doubts all that lies to the right of the middle.
  void doubt_the_right() {
    disc_.guess([this](int x, int y) {
      return disc_.distance(x, y) > 0 ? 0.0f : x > disc_.width / 2 ? kDoubt : 1.0f;
    });
  }
  void settle() { settle(disc_.frame()); }
  static void settle(const Frame& frame) {
    run(frame,
        [&](CellDetail& detail, CellPatches& patches) { Doubts().settle(frame, detail, patches); });
  }
  float alpha_of_middle() const { return alpha(321, 180); }

  static constexpr float kDoubt = 0.3f;
  static constexpr float kShadow[3] = {0.7f, 0.7f, 0.7f}, kOfClothes[3] = {0.6f, 1.4f, 0.5f};
};

TEST_P(DoubtsTest, ClothIsNoWallInShadow) {
  paint(kShadow, 0.05f);
  doubt_the_middle();
  settle();
  for (int y = 160; y < 200; ++y) {
    for (int x = 301; x < 341; ++x) ASSERT_EQ(alpha(x, y), 1) << x << ' ' << y;
  }
  EXPECT_EQ(alpha(5, 5), 0);
}

TEST_P(DoubtsTest, WallInShadowIsNoCloth) {
  paint(kShadow, 0);
  doubt_the_middle();
  settle();
  EXPECT_NEAR(alpha_of_middle(), kDoubt, 0.01f);
}

TEST_P(DoubtsTest, WhatIsFilledHasThePicturesColours) {
  paint(kShadow, 0.05f);
  doubt_the_middle();
  const auto first_of_row = [](const Image& picture) { return picture.view().row(180) + 3 * 321; };
  Frame frame = disc_.frame();
  frame.composite = disc_.composite.mutable_view();
  std::fill_n(disc_.foreground.mutable_view().row(180), 3 * 643, std::uint8_t{7});
  settle(frame);
  if (wide()) return;
  for (int c = 0; c < 3; ++c) {
    EXPECT_EQ(first_of_row(disc_.foreground)[c], first_of_row(disc_.image)[c]);
    EXPECT_EQ(first_of_row(disc_.composite)[c], first_of_row(disc_.image)[c]);
  }
}

TEST_P(DoubtsTest, AlphaIsRaisedAtAnOpenEdge) {
  paint(kShadow, 0.05f);
  doubt_the_right();
  settle();
  double sum = 0;
  for (int x = 323; x < 347; ++x) sum += alpha(x, 180) / 24;
  EXPECT_NEAR(sum, (1 + kDoubt) / 2, 0.1) << "half of what it lacks, in most cells";
  EXPECT_EQ(alpha(400, 180), 0);
}

TEST_P(DoubtsTest, AlphaIsNotRaisedWhereColoursTell) {
  paint(kOfClothes, 0.05f);
  doubt_the_right();
  settle();
  for (int x = 323; x < 347; ++x) EXPECT_NEAR(alpha(x, 180), kDoubt, 0.01f) << x;
}

// A haze around the disc has too many empty cells about it to be filled.
TEST_P(DoubtsTest, AlphaIsNotRaisedFarFromABody) {
  paint(kShadow, 0.05f);
  disc_.guess([this](int x, int y) {
    const float distance = disc_.distance(x, y);
    return distance > SoftDisc::kRadius / 2 ? 0.0f : distance > 0 ? 0.02f : kDoubt;
  });
  settle();
  EXPECT_NEAR(alpha_of_middle(), kDoubt, 0.01f);
}

TEST_P(DoubtsTest, TheMaskGoesBefore) {
  paint(kShadow, 0.05f);
  doubt_the_middle();
  const Image mask = mask_with(321, 180, 0);
  Frame frame = disc_.frame();
  frame.mask = mask.view();
  settle(frame);
  EXPECT_EQ(alpha(321, 180), 0);
  EXPECT_EQ(alpha(322, 180), 1);
}

TEST_P(DoubtsTest, NothingIsSettledWhereNothingIsEmpty) {
  paint(kShadow, 0.05f);
  disc_.guess([](int, int) { return kDoubt; });
  settle();
  EXPECT_NEAR(alpha_of_middle(), kDoubt, 0.01f);
}

INSTANTIATE_TEST_SUITE_P(Depths, DoubtsTest,
                         ::testing::Values(PixelFormat::kGray8, PixelFormat::kGray16), depth_name);

}  // namespace
}  // namespace matting
