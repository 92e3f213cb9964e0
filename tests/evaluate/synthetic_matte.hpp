// A matte, a prediction of it with faults, and colours, by integer arithmetic.
#ifndef TESTS_EVALUATE_SYNTHETIC_MATTE_HPP
#define TESTS_EVALUATE_SYNTHETIC_MATTE_HPP

#include <algorithm>

#include "evaluate/plane.hpp"

// 96x64: a soft disc and an island in the corner; predicted with noise and a hole in the disc.
struct SyntheticMatte {
  matting::Plane truth{96, 64}, predicted{96, 64};
  matting::Plane true_colour{96, 64, 3}, colour{96, 64, 3};

  SyntheticMatte() {
    for (int y = 0; y < 64; ++y) {
      for (int x = 0; x < 96; ++x) fill(x, y);
    }
  }

 private:
  void fill(int x, int y) {
    const int distance = (x - 48) * (x - 48) + (y - 32) * (y - 32);
    // The shift rounds down for negative numbers too, as Python's // does.
    int level = std::clamp(255 - ((distance - 200) >> 1), 0, 255);
    if (x < 10 && y < 12) level = 180;
    int guess = std::clamp(level + (x * 31 + y * 17) % 41 - 20, 0, 255);
    if (x > 44 && x < 52 && y > 28 && y < 36) guess = 60;
    truth.at(x, y) = static_cast<float>(level) / 255;
    predicted.at(x, y) = static_cast<float>(guess) / 255;
    const int wanted[3] = {x * 5 + y, x + y * 3, x * y};
    const int found[3] = {x * 5 + y + 9, x + y * 3, x * y + x};
    for (int channel = 0; channel < 3; ++channel) {
      true_colour.at(x, y, channel) = static_cast<float>(wanted[channel] % 256) / 255;
      colour.at(x, y, channel) = static_cast<float>(found[channel] % 256) / 255;
    }
  }
};

#endif  // TESTS_EVALUATE_SYNTHETIC_MATTE_HPP
