#include "projection/plate_projection.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <thread>

#include "projection/soft_disc.hpp"

namespace matting {
namespace {

bool same(const Image& a, const Image& b) {
  const std::size_t bytes =
      static_cast<std::size_t>(a.width()) * static_cast<std::size_t>(pixel_bytes(a.format()));
  for (int y = 0; y < a.height(); ++y) {
    if (std::memcmp(a.view().row(y), b.view().row(y), bytes) != 0) return false;
  }
  return true;
}

SoftDisc make_disc() {
  return {640, 360, PixelFormat::kRgb8, PixelFormat::kGray8};
}

void project(SoftDisc& disc, int passes = 1, int threads = 1, const ParallelRunner& runner = {}) {
  PlateProjection().apply(disc.frame(), passes, threads, runner);
}

TEST(PlateProjection, FindsASoftEdgeThatTheNetworkDrewTooWide) {
  SoftDisc disc = make_disc();
  disc.guess_too_soft();
  const double before = disc.error(12);
  project(disc);
  EXPECT_GT(before, 0.08);
  EXPECT_LT(disc.error(12), before / 4);
}

TEST(PlateProjection, FindsHairThatTheNetworkMissed) {
  SoftDisc disc = make_disc();
  const auto hair = [&](int x, int y) {
    const float outside = disc.distance(x, y);
    const bool strand = outside > 0 && outside < 14 && (x + y) % 7 == 0;
    return strand ? 0.7f : disc.true_alpha(x, y);
  };
  disc.paint(hair, SoftDisc::kSubject);
  disc.guess([&](int x, int y) { return std::clamp(0.5f - disc.distance(x, y) / 26, 0.0f, 1.0f); });
  const double before = disc.error(12);
  project(disc);
  EXPECT_LT(disc.error(12), before / 2);
}

// Strands of which the network saw nothing, further out than its edge is soft.
TEST(PlateProjection, FindsHairBeyondTheNetworksEdgeInFurtherPasses) {
  SoftDisc disc = make_disc();
  const auto hair = [&](int x, int y) {
    const float outside = disc.distance(x, y);
    const bool strand = outside > 0 && outside < 14 && (x + y) % 7 < 2;
    return strand ? 0.8f : disc.true_alpha(x, y);
  };
  disc.paint(hair, SoftDisc::kSubject);
  disc.guess([&](int x, int y) { return disc.true_alpha(x, y); });
  SoftDisc thrice = disc;
  const double before = disc.error(14);
  project(disc);
  project(thrice, 3);
  EXPECT_LT(disc.error(14), before);
  EXPECT_LT(thrice.error(14), disc.error(14) / 2);
}

// A subject whose rim is of another colour than the rest, as hair is beside a face.
TEST(PlateProjection, FindsTheColoursOfTheEdgeItselfInFurtherPasses) {
  SoftDisc disc = make_disc();
  const float light[3] = {0.95f, 0.9f, 0.8f};
  const SoftDisc red = disc;
  disc.paint([&](int x, int y) { return disc.true_alpha(x, y); }, light);
  for (int y = 0; y < disc.height; ++y) {
    for (int x = 0; x < disc.width; ++x) {
      if (disc.distance(x, y) > -12) continue;
      std::memcpy(disc.image.mutable_view().row(y) + 3 * x, red.image.view().row(y) + 3 * x, 3);
    }
  }
  disc.guess_too_soft();
  SoftDisc thrice = disc;
  project(disc);
  project(thrice, 3);
  EXPECT_LT(thrice.error(12), 0.8 * disc.error(12));
}

TEST(PlateProjection, TakesThePlateOutOfTheForegroundsColour) {
  SoftDisc disc = make_disc();
  disc.guess_too_soft();
  project(disc);
  for (int x = 0; x < disc.width; ++x) {
    const int y = disc.height / 2;
    const float alpha = disc.true_alpha(x, y);
    if (alpha < 0.3f || alpha > 0.97f) continue;
    for (int c = 0; c < 3; ++c) {
      EXPECT_NEAR(disc.foreground.view().row(y)[3 * x + c], 255 * SoftDisc::kSubject[c], 14) << x;
    }
  }
}

TEST(PlateProjection, KeepsTheNetworksAlphaWhereTheColoursAreAlike) {
  SoftDisc disc = make_disc();
  const float grey[3] = {0.3f, 0.4f, 0.5f};  // the wall's mean
  disc.paint([&](int x, int y) { return disc.true_alpha(x, y); }, grey);
  disc.guess([&](int x, int y) { return disc.true_alpha(x, y); });
  const double before = disc.error(12);
  project(disc);
  EXPECT_LT(before, 1e-6);
  EXPECT_LT(disc.error(12), 0.05);
}

TEST(PlateProjection, LeavesTheInsideAndTheOutsideAlone) {
  SoftDisc disc = make_disc();
  disc.guess_too_soft();
  const SoftDisc before = disc;
  project(disc);
  for (int y = 0; y < disc.height; ++y) {
    for (int x = 0; x < disc.width; ++x) {
      if (std::abs(disc.distance(x, y)) < 28) continue;
      ASSERT_EQ(disc.alpha.view().row(y)[x], before.alpha.view().row(y)[x]) << x << ' ' << y;
      ASSERT_EQ(disc.foreground.view().row(y)[3 * x], before.foreground.view().row(y)[3 * x]);
    }
  }
}

TEST(PlateProjection, HasNothingToDoWithoutASubjectOrWithoutABackground) {
  for (const float everywhere : {0.0f, 1.0f}) {
    SoftDisc disc = make_disc();
    disc.guess([&](int, int) { return everywhere; });
    const SoftDisc before = disc;
    project(disc);
    EXPECT_TRUE(same(disc.alpha, before.alpha) && same(disc.foreground, before.foreground));
  }
}

TEST(PlateProjection, ObeysTheMask) {
  SoftDisc disc = make_disc();
  disc.guess([&](int x, int y) {
    const float too_soft = 0.5f - disc.distance(x, y) / (2 * SoftDisc::kSoftness);
    return y < 120 ? 0.0f : y < 240 ? std::clamp(too_soft, 0.0f, 1.0f) : 1.0f;
  });
  const SoftDisc before = disc;
  Image mask(disc.width, disc.height, PixelFormat::kGray8);
  for (int y = 0; y < disc.height; ++y) {
    std::memset(mask.mutable_view().row(y), y < 120 ? 0 : y < 240 ? 128 : 255, 640);
  }
  Frame frame = disc.frame();
  frame.mask = mask.view();
  PlateProjection().apply(frame, 1, 1, {});
  for (int y = 0; y < disc.height; ++y) {
    const bool free = y >= 120 && y < 240;
    const int differs = std::memcmp(disc.alpha.view().row(y), before.alpha.view().row(y), 640);
    if (!free) {
      EXPECT_EQ(differs, 0) << y;
    }
  }
  EXPECT_FALSE(same(disc.alpha, before.alpha));
}

TEST(PlateProjection, WritesTheCompositeOfWhatItChanged) {
  SoftDisc disc = make_disc();
  disc.guess_too_soft();
  Frame frame = disc.frame();
  frame.composite = disc.composite.mutable_view();
  frame.has_background_color = true;
  frame.background_color[2] = 200;
  PlateProjection().apply(frame, 1, 1, {});
  const int y = disc.height / 2, x = disc.width / 2 + 50;
  const std::uint8_t alpha = disc.alpha.view().row(y)[x];
  EXPECT_GT(alpha, 40);
  EXPECT_LT(alpha, 220);
  for (int c = 0; c < 3; ++c) {
    const double front = disc.foreground.view().row(y)[3 * x + c], back = c == 2 ? 200 : 0;
    const double wanted = back + (front - back) * alpha / 255.0;
    EXPECT_NEAR(disc.composite.view().row(y)[3 * x + c], wanted, 1.1) << c;
  }
  EXPECT_EQ(disc.composite.view().row(2)[5], 0) << "nothing changed there: left as it was";
}

TEST(PlateProjection, GivesTheSameAlphaWhereNoForegroundIsWanted) {
  SoftDisc disc = make_disc(), other = make_disc();
  disc.guess_too_soft();
  other.guess_too_soft();
  project(disc);
  Frame frame = other.frame();
  frame.foreground = {};
  frame.composite = {};
  PlateProjection().apply(frame, 1, 1, {});
  EXPECT_TRUE(same(disc.alpha, other.alpha));
}

TEST(PlateProjection, GivesTheSameOnAnyThreads) {
  SoftDisc one = make_disc();
  one.guess_too_soft();
  SoftDisc two = one, lent = one;
  project(one, 3);
  project(two, 3, 2);
  ParallelRunner runner;
  runner.threads = 2;
  runner.run = [](void*, std::uint32_t count, void (*work)(void*, std::uint32_t), void* data) {
    std::vector<std::thread> threads;
    for (std::uint32_t i = 0; i < count; ++i) threads.emplace_back(work, data, i);
    for (std::thread& thread : threads) thread.join();
  };
  project(lent, 3, 2, runner);
  EXPECT_TRUE(same(one.alpha, two.alpha) && same(one.foreground, two.foreground));
  EXPECT_TRUE(same(one.alpha, lent.alpha) && same(one.foreground, lent.foreground));
}

TEST(PlateProjection, GivesTheSameInSixteenBits) {
  SoftDisc shallow = make_disc();
  SoftDisc deep(640, 360, PixelFormat::kRgb16, PixelFormat::kGray16);
  shallow.guess_too_soft();
  deep.guess_too_soft();
  project(shallow);
  project(deep);
  EXPECT_LT(deep.error(12), shallow.error(12) + 0.002);
}

TEST(PlateProjection, TakesEverySizeOneAfterTheOther) {
  PlateProjection projection;
  for (const auto& [width, height] :
       {std::pair{16, 16}, {17, 31}, {1283, 40}, {333, 777}, {640, 360}, {16, 16}}) {
    SoftDisc disc(width, height, PixelFormat::kBgr8, PixelFormat::kGray8);
    disc.guess_too_soft();
    const double before = disc.error();
    projection.apply(disc.frame(), 3, 2, {});
    EXPECT_LE(disc.error(), before + 1e-9) << width << 'x' << height;
  }
}

}  // namespace
}  // namespace matting
