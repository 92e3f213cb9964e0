#include "projection/seen_plate.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "projection/soft_disc_test.hpp"

namespace matting {
namespace {

// The network takes a disc of wall in shadow, 120 pixels beside the subject's, for another subject.
class SeenPlateTest : public SoftDiscTest {
 protected:
  static constexpr int kAside = 120;

  float from_shadow(int x, int y) const { return disc_.distance(x - kAside, y); }
  // Of that light inside of the disc, which comes back over so many pixels.
  void cast_shadow(float factor, float softness = 0) {
    disc_.change_image([&](int x, int y, int, float value) {
      const float outside = from_shadow(x, y);
      if (outside < 0) return factor * value;
      return outside < softness ? (factor + (1 - factor) * outside / softness) * value : value;
    });
  }
  void paint_body(float (*value)(int x, int y, int c)) {
    disc_.change_image([&](int x, int y, int c, float before) {
      return from_shadow(x, y) < 0 ? value(x, y, c) : before;
    });
  }
  void guess(float alpha_of_shadow = 1) {
    disc_.guess([&](int x, int y) {
      return from_shadow(x, y) < 0 ? alpha_of_shadow : disc_.true_alpha(x, y);
    });
  }
  void remove() { remove(disc_.frame()); }
  static void remove(const Frame& frame) {
    run(frame, [&](CellDetail& detail, CellPatches& patches) {
      SeenPlate().remove(frame, detail, patches);
    });
  }
  float alpha_of_shadow() const { return alpha(321 + kAside, 180); }
  float alpha_of_shadow_beside() const { return alpha(351 + kAside, 180); }
  float alpha_of_subject() const { return alpha(321, 180); }
};

TEST_P(SeenPlateTest, ShadowInWhichTheWallShowsIsNoSubject) {
  cast_shadow(0.4f);
  guess();
  remove();
  for (int y = 150; y < 210; ++y) {
    for (int x = 291 + kAside; x < 351 + kAside; ++x) ASSERT_EQ(alpha(x, y), 0) << x << ' ' << y;
  }
  EXPECT_EQ(alpha_of_subject(), 1);
}

TEST_P(SeenPlateTest, ItGoesWhereTheNetworkIsInDoubt) {
  cast_shadow(0.6f);
  guess(0.3f);
  remove();
  EXPECT_EQ(alpha_of_shadow(), 0);
}

TEST_P(SeenPlateTest, WhatIsTakenAwayHasThePicturesColoursAndNoComposite) {
  cast_shadow(0.4f);
  guess();
  for (Image* picture : {&disc_.foreground, &disc_.composite}) {
    std::fill_n(picture->mutable_view().row(180), 3 * 643, std::uint8_t{7});
  }
  Frame frame = disc_.frame();
  frame.composite = disc_.composite.mutable_view();
  remove(frame);
  if (wide()) return;
  const auto first_of = [](const Image& picture) {
    return picture.view().row(180) + 3 * (321 + kAside);
  };
  for (int c = 0; c < 3; ++c) {
    EXPECT_EQ(first_of(disc_.foreground)[c], first_of(disc_.image)[c]);
    EXPECT_EQ(first_of(disc_.composite)[c], 0);
  }
}

// As bright as the wall in shadow, of its colour, and even.
TEST_P(SeenPlateTest, EvenClothBeforeTheWallStays) {
  paint_body([](int, int, int c) { return 0.4f * (0.3f + 0.1f * static_cast<float>(c)); });
  guess();
  remove();
  EXPECT_EQ(alpha_of_shadow(), 1);
}

TEST_P(SeenPlateTest, ClothWithStripesOfItsOwnStays) {
  paint_body([](int, int y, int c) { return 0.4f * SoftDisc::wall(y, c); });
  guess();
  remove();
  EXPECT_EQ(alpha_of_shadow(), 1);
}

TEST_P(SeenPlateTest, OtherColoursStay) {
  paint_body([](int x, int, int c) { return (c == 0 ? 0.8f : 0.3f) * SoftDisc::wall(x, c); });
  guess();
  remove();
  EXPECT_EQ(alpha_of_shadow(), 1);
}

// The wall's stripes show in a third of their strength: a veil, or a body that is half there.
TEST_P(SeenPlateTest, WhatHidesMostOfTheWallStays) {
  paint_body([](int x, int, int c) {
    const float even = 0.3f + 0.1f * static_cast<float>(c);
    return 0.5f * (even + 0.33f * (SoftDisc::wall(x, c) - even));
  });
  guess();
  remove();
  EXPECT_EQ(alpha_of_shadow(), 1);
}

// The light doubles within three cells above the shadow, too few of them to be a patch; a strip of
// the subject leads there.
TEST_P(SeenPlateTest, TheSoftEdgeOfAShadowGoesWithIt) {
  constexpr int kSoftness = 9;
  const auto in_strip = [](int x, int y) {
    return (y >= 123 && y < 126 && x >= 318 && x < 306 + kAside) ||
           (x >= 318 && x < 327 && y >= 123 && y < 140);
  };
  const auto in_edge = [this](int x, int y) {
    return from_shadow(x, y) < kSoftness && y < 130 && std::abs(x - 321 - kAside) <= 15;
  };
  cast_shadow(0.4f, kSoftness);
  disc_.change_image([&](int x, int y, int c, float value) {
    return in_strip(x, y) ? SoftDisc::kSubject[c] : value;
  });
  disc_.guess([&](int x, int y) {
    const bool is_seen = from_shadow(x, y) < 0 || in_edge(x, y) || in_strip(x, y);
    return is_seen ? 1.0f : disc_.true_alpha(x, y);
  });
  remove();
  double sum = 0;
  for (int y = 121; y < 130; ++y) sum += alpha(321 + kAside, y) / 9;
  EXPECT_LT(sum, 0.4);
  EXPECT_EQ(alpha(380, 124), 1);
}

// It adds a little to the stripes of the wall, pixel by pixel.
TEST_P(SeenPlateTest, WhatHasDetailOfItsOwnStays) {
  paint_body([](int x, int y, int c) {
    return 0.4f * SoftDisc::wall(x, c) + ((x + y) % 2 == 0 ? 0.012f : -0.012f);
  });
  guess();
  remove();
  EXPECT_EQ(alpha_of_shadow(), 1);
}

// The disc's right half is in other light, and hides the wall in part.
TEST_P(SeenPlateTest, WhatTouchesAShadowInOtherLightStaysAlone) {
  cast_shadow(0.4f);
  disc_.change_image([&](int x, int y, int c, float value) {
    if (from_shadow(x, y) >= 0 || x < 321 + kAside) return value;
    const float even = 0.3f + 0.1f * static_cast<float>(c);
    return 0.6f * (even + 0.6f * (SoftDisc::wall(x, c) - even));
  });
  guess();
  remove();
  EXPECT_EQ(alpha(300 + kAside, 180), 0);
  EXPECT_EQ(alpha(342 + kAside, 180), 1);
}

// Fifteen pixels in the middle of the shadow: rougher than the wall ever is.
TEST_P(SeenPlateTest, WhatIsLeftOverGoesIfItHasThePlatesColours) {
  for (const bool has_its_colours : {true, false}) {
    disc_.paint([](int, int) { return 0.0f; }, SoftDisc::kSubject);
    cast_shadow(0.4f);
    disc_.change_image([&](int x, int y, int c, float value) {
      if (std::abs(x - 321 - kAside) > 7 || std::abs(y - 180) > 7) return value;
      const float rough = ((x + y) % 2 == 0 ? 0.7f : 1.3f) * value;
      return has_its_colours || c < 2 ? rough : 3 * rough;
    });
    guess();
    remove();
    EXPECT_EQ(alpha_of_shadow(), has_its_colours ? 0 : 1);
    EXPECT_EQ(alpha_of_shadow_beside(), 0);
  }
}

TEST_P(SeenPlateTest, TheMaskGoesBefore) {
  cast_shadow(0.4f);
  guess();
  const Image mask = mask_with(321 + kAside, 180, 255);
  Frame frame = disc_.frame();
  frame.mask = mask.view();
  remove(frame);
  EXPECT_EQ(alpha_of_shadow(), 1);
  EXPECT_EQ(alpha(322 + kAside, 180), 0);
}

TEST_P(SeenPlateTest, NothingIsTakenAwayWhereNothingIsEmpty) {
  cast_shadow(0.4f);
  disc_.guess([](int, int) { return 1.0f; });
  remove();
  EXPECT_EQ(alpha_of_shadow(), 1);
}

INSTANTIATE_TEST_SUITE_P(Depths, SeenPlateTest,
                         ::testing::Values(PixelFormat::kGray8, PixelFormat::kGray16), depth_name);

}  // namespace
}  // namespace matting
