// The default model in bf16 and in integers against itself in fp32: trained weights, on which
// rounding tells something, and a picture of their kind.
#include <gtest/gtest.h>

#include <cmath>

#include "engine/engine.hpp"
#include "engine/no_observer.hpp"
#include "engine/reference_cases.hpp"
#include "engine/safetensors.hpp"

namespace matting::engine {
namespace {

Image alpha_of_portrait(Precision precision) {
  const std::string base = MATTING_SOURCE_DIR "/sample_image/portrait";
  static const Image image = read_picture(base + "_image.jpg", false);
  static const Image plate = read_picture(base + "_plate.jpg", false);
  static const auto network = std::make_shared<const Network>(
      read_safetensors(MATTING_SOURCE_DIR "/models/default/mattingrefine_mobilenetv2.safetensors")
          .tensors);
  Image alpha(image.width(), image.height(), PixelFormat::kGray8);
  Frame frame;
  frame.image = image.view();
  frame.plate = plate.view();
  frame.alpha = alpha.mutable_view();
  NoObserver observer;
  Engine(network, {2, precision}).run(NetworkSettings(), frame, observer);
  return alpha;
}

// Mean absolute difference of alpha in [0, 1].
double distance_from_fp32(Precision precision) {
  const Image wanted = alpha_of_portrait(Precision::kFp32), found = alpha_of_portrait(precision);
  double sum = 0;
  for (int y = 0; y < wanted.height(); ++y) {
    for (int x = 0; x < wanted.width(); ++x) {
      sum += std::abs(found.view().row(y)[x] - wanted.view().row(y)[x]);
    }
  }
  return sum / 255 / wanted.width() / wanted.height();
}

TEST(ReducedPrecision, BFloat16GivesTheDefaultModelsMatte) {
  if (process_isa() < Isa::kAvx512Bf16) GTEST_SKIP() << "this CPU has no bf16";
  EXPECT_LT(distance_from_fp32(Precision::kBf16), 1e-3);
}

TEST(ReducedPrecision, IntegersGiveTheDefaultModelsMatte) {
  if (process_isa() < Isa::kAvx2) GTEST_SKIP() << "this CPU has no int8";
  EXPECT_LT(distance_from_fp32(Precision::kInt8), 2e-3);
}

// So that a matte of nothing is no agreement.
TEST(ReducedPrecision, IsComparedWithAMatteOfSomebody) {
  const Image alpha = alpha_of_portrait(Precision::kFp32);
  EXPECT_EQ(alpha.view().row(alpha.height() * 3 / 4)[alpha.width() / 2], 255);
  EXPECT_EQ(alpha.view().row(20)[20], 0);
}

}  // namespace
}  // namespace matting::engine
