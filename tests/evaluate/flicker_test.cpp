#include "evaluate/flicker.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

namespace matting {
namespace {

Plane pixels(std::initializer_list<float> values) {
  Plane plane(static_cast<int>(values.size()), 1);
  plane.values = values;
  return plane;
}

TEST(Flicker, IsZeroForTheTruthAndForAConstantFault) {
  Flicker none, constant;
  for (const float level : {0.0f, 0.5f, 0.25f}) {
    none.add(pixels({level, 1}), pixels({level, 1}));
    constant.add(pixels({level + 0.25f, 0.5f}), pixels({level, 1}));
  }
  EXPECT_EQ(none.dtssd(), 0);
  EXPECT_EQ(constant.dtssd(), 0);
}

// Two pixels. From frame 1 to 2 the first errs by a change of 0.3; from 2 to 3 both by 0.1.
TEST(Flicker, ByHand) {
  Flicker flicker;
  flicker.add(pixels({0, 0}), pixels({0, 0}));
  EXPECT_EQ(flicker.dtssd(), 0);
  flicker.add(pixels({0.8f, 0}), pixels({0.5f, 0}));
  EXPECT_NEAR(flicker.dtssd(), 100 * std::sqrt(0.3 * 0.3 / 2), 1e-4);
  flicker.add(pixels({0.7f, 0.1f}), pixels({0.5f, 0}));
  EXPECT_NEAR(flicker.dtssd(), 100 * (std::sqrt(0.3 * 0.3 / 2) + 0.1) / 2, 1e-4);
}

TEST(Flicker, RefusesAnotherShape) {
  Flicker flicker;
  flicker.add(pixels({0, 0}), pixels({0, 0}));
  EXPECT_THROW(flicker.add(pixels({0}), pixels({0})), std::invalid_argument);
  EXPECT_THROW(flicker.add(pixels({0, 0}), pixels({0})), std::invalid_argument);
  EXPECT_THROW(flicker.add(Plane(), Plane()), std::invalid_argument);
}

}  // namespace
}  // namespace matting
