// Every kernel of every level that this CPU has, against its plain twin: odd widths, unaligned
// starts, and canaries behind what may be written.
#include "engine/kernels/kernels.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <random>
#include <vector>

#include "engine/resample.hpp"

namespace matting::engine {
namespace {

constexpr float kCanary = -77.5f;
constexpr int kWidths[] = {1, 2, 3, 7, 8, 15, 16, 17, 31, 33, 64, 101};

class KernelsOf : public ::testing::TestWithParam<Isa> {
 protected:
  void SetUp() override {
    if (GetParam() > process_isa()) GTEST_SKIP() << "this CPU has no " << isa_name(GetParam());
  }
  const Kernels& fast() const { return kernels_for(GetParam()); }
  const Kernels& plain() const { return plain_kernels(); }

  std::vector<float> randoms(std::size_t count, float low = -0.5f, float high = 1.5f) {
    std::uniform_real_distribution<float> uniform(low, high);
    std::vector<float> values(count);
    for (float& value : values) value = uniform(generator_);
    return values;
  }
  template <class T>
  std::vector<T> elements(std::size_t count) {
    std::vector<T> values;
    for (float value : randoms(count)) values.push_back(from_float<T>(value));
    return values;
  }
  std::vector<std::uint8_t> bytes(std::size_t count) {
    std::vector<std::uint8_t> values(count);
    for (auto& value : values) value = static_cast<std::uint8_t>(generator_());
    return values;
  }

  std::mt19937 generator_{7};
};

// bfloat16 results may differ in the last bit where float ones differ in theirs.
template <class T>
double tolerance(float value) {
  return sizeof(T) == 4 ? 1e-5 : 0.008 * std::abs(value) + 1e-5;
}

template <class T>
void expect_near(const std::vector<T>& found, const std::vector<T>& wanted) {
  ASSERT_EQ(found.size(), wanted.size());
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const float value = to_float(wanted[i]);
    ASSERT_NEAR(to_float(found[i]), value, tolerance<T>(value)) << "at " << i;
  }
}

constexpr int kChannelsOf[kPixelKinds] = {1, 3, 4, 1, 3, 4};

TEST_P(KernelsOf, LoadPixels) {
  for (int kind = 0; kind < kPixelKinds; ++kind) {
    const int pixel_bytes = kChannelsOf[kind] * (kind >= kGray16Pixels ? 2 : 1);
    for (int count : kWidths) {
      for (int offset : {0, 2}) {
        const auto pixels = bytes(offset + count * pixel_bytes);
        std::vector<float> found[3], wanted[3];
        float *to[3], *reference[3];
        for (int c = 0; c < 3; ++c) {
          found[c].assign(count + 2, kCanary);
          wanted[c].assign(count + 2, kCanary);
          to[c] = found[c].data() + 1;
          reference[c] = wanted[c].data() + 1;
        }
        fast().load[kind](pixels.data() + offset, count, to);
        plain().load[kind](pixels.data() + offset, count, reference);
        for (int c = 0; c < 3; ++c) expect_near(found[c], wanted[c]);
      }
    }
  }
}

TEST_P(KernelsOf, StorePixels) {
  for (int kind = 0; kind < kPixelKinds; ++kind) {
    const bool wide = kind >= kGray16Pixels;
    const int pixel_bytes = kChannelsOf[kind] * (wide ? 2 : 1);
    for (int count : kWidths) {
      std::vector<float> planes[4];
      const float* from[4];
      for (int c = 0; c < 4; ++c) {
        planes[c] = randoms(count);
        from[c] = planes[c].data();
      }
      std::vector<std::uint8_t> found(count * pixel_bytes + 2, 99), wanted = found;
      fast().store[kind](from, count, found.data());
      plain().store[kind](from, count, wanted.data());
      EXPECT_EQ(found, wanted) << "kind " << kind << ", " << count << " pixels";
    }
  }
}

TEST_P(KernelsOf, Mix) {
  for (int count : kWidths) {
    const auto a = randoms(count), b = randoms(count);
    std::vector<float> found(count + 1, kCanary), wanted = found;
    fast().mix(a.data(), b.data(), 0.3f, count, found.data());
    plain().mix(a.data(), b.data(), 0.3f, count, wanted.data());
    expect_near(found, wanted);
  }
}

TEST_P(KernelsOf, ResizeUpAndDown) {
  for (int in : {1, 2, 5, 16, 40, 123}) {
    for (int count : {1, 4, 16, 37, 160, 492}) {
      const auto source = randoms(2 * in + kSlack);
      const BilinearAxis axis = bilinear_axis(in, count);
      const Columns columns = {axis.first.data(), axis.second.data(), axis.weight.data()};
      const float* const from[] = {source.data(), source.data() + in};
      std::vector<float> found(2 * count + 2, kCanary), wanted = found;
      float* const to[] = {found.data(), found.data() + count + 1};
      float* const reference[] = {wanted.data(), wanted.data() + count + 1};
      fast().resize(from, 2, columns, count, to);
      plain().resize(from, 2, columns, count, reference);
      expect_near(found, wanted);
    }
  }
}

TEST_P(KernelsOf, FinishWithAndWithoutMask) {
  for (int count : kWidths) {
    auto mask = bytes(count);
    for (int i = 0; i < count; i += 3) mask[i] = i % 2 ? 0 : 255;
    const std::uint8_t* const masks[] = {nullptr, mask.data()};
    for (const std::uint8_t* m : masks) {
      const auto image = randoms(3 * count, 0, 1);
      auto found = randoms(4 * count), wanted = found;
      const float* const pixels[3] = {image.data(), &image[count], &image[2 * count]};
      const auto run = [&](const Kernels& kernels, float* at) {
        float* const color[3] = {at + count, at + 2 * count, at + 3 * count};
        kernels.finish(at, color, pixels, m, count);
      };
      run(fast(), found.data());
      run(plain(), wanted.data());
      expect_near(found, wanted);
    }
  }
}

TEST_P(KernelsOf, ComposeAndCutOut) {
  for (int count : kWidths) {
    const auto alpha = randoms(count, 0, 0.02f), color = randoms(count), back = randoms(count);
    std::vector<float> found(count + 1, kCanary), wanted = found;
    fast().compose(alpha.data(), color.data(), back.data(), count, found.data());
    plain().compose(alpha.data(), color.data(), back.data(), count, wanted.data());
    expect_near(found, wanted);
    fast().cut_out(alpha.data(), color.data(), 255, count, found.data());
    plain().cut_out(alpha.data(), color.data(), 255, count, wanted.data());
    expect_near(found, wanted);
  }
}

template <class T>
void check_interleave(const Kernels& fast, const std::vector<float>& planes, int count) {
  const float* from[6];
  for (int c = 0; c < 6; ++c) from[c] = planes.data() + c * count;
  std::vector<T> found(count * kColorPitch + 1, from_float<T>(kCanary)), wanted = found;
  fast.of<T>().interleave(from, count, found.data());
  plain_kernels().of<T>().interleave(from, count, wanted.data());
  expect_near(found, wanted);
}

TEST_P(KernelsOf, Interleave) {
  for (int count : kWidths) {
    const auto planes = randoms(6 * count);
    check_interleave<float>(fast(), planes, count);
    check_interleave<BFloat16>(fast(), planes, count);
  }
}

struct JoinSize {
  int low_width, channels, width, skip_channels, padding;
};

template <class T>
void check_join(const Kernels& fast, const JoinSize& size, const std::vector<T>& low,
                const std::vector<T>& skip) {
  const BilinearAxis axis = bilinear_axis(size.low_width, size.width);
  std::vector<float> scratch(size.low_width * size.channels);
  UpsampleJoinRow<T> row;
  row.upper = low.data();
  row.lower = low.data() + size.low_width * size.channels;
  row.weight = 0.75f;
  row.low_first = 0;
  row.low_width = size.low_width;
  row.channels = size.channels;
  row.columns = {axis.first.data(), axis.second.data(), axis.weight.data()};
  row.skip = skip.data();
  row.skip_channels = size.skip_channels;
  row.width = size.width;
  row.out_pitch = size.channels + size.skip_channels + size.padding;
  row.scratch = scratch.data();
  std::vector<T> found(size.width * row.out_pitch + 1, from_float<T>(kCanary)), wanted = found;
  row.out = found.data();
  fast.of<T>().upsample_join(row);
  row.out = wanted.data();
  plain_kernels().of<T>().upsample_join(row);
  expect_near(found, wanted);
}

template <class T>
void check_integer_join(const Kernels& fast, const JoinSize& size, const std::vector<T>& low,
                        const std::vector<T>& skip) {
  const BilinearAxis axis = bilinear_axis(size.low_width, size.width);
  std::vector<float> scratch(size.low_width * size.channels);
  UpsampleJoinRow<T, std::uint8_t> row;
  row.upper = low.data();
  row.lower = low.data() + size.low_width * size.channels;
  row.weight = 0.25f;
  row.low_first = 0;
  row.low_width = size.low_width;
  row.channels = size.channels;
  row.columns = {axis.first.data(), axis.second.data(), axis.weight.data()};
  row.skip = skip.data();
  row.skip_channels = size.skip_channels;
  row.width = size.width;
  row.out_pitch = size.channels + size.skip_channels + size.padding;
  row.scratch = scratch.data();
  std::vector<float> factor(row.out_pitch), zero(row.out_pitch);
  for (int c = 0; c < row.out_pitch; ++c) {
    factor[c] = 120.0f + static_cast<float>(c % 50);  // some channels are clamped
    zero[c] = static_cast<float>(c % 9 * 10);
  }
  row.factor = factor.data();
  row.zero = zero.data();
  std::vector<std::uint8_t> found(size.width * row.out_pitch + 1, 99), wanted = found;
  row.out = found.data();
  fast.of<T>().upsample_join_integer(row);
  row.out = wanted.data();
  plain_kernels().of<T>().upsample_join_integer(row);
  for (std::size_t i = 0; i < wanted.size(); ++i) ASSERT_NEAR(found[i], wanted[i], 1) << i;
}

template <class T>
void check_quantize(const Kernels& fast, const std::vector<T>& pixels, int count, int channels) {
  const int pitch = channels + 8;
  std::vector<float> factor, zero;
  for (int c = 0; c < channels; ++c) {
    factor.push_back(120.0f + static_cast<float>(c % 50));  // some channels are clamped
    zero.push_back(static_cast<float>(c % 9 * 10));
  }
  std::vector<std::uint8_t> found(count * pitch, 99), wanted = found;
  const auto run = [&](const Kernels& kernels, std::vector<std::uint8_t>& out) {
    kernels.of<T>().quantize(pixels.data(), count, channels, factor.data(), zero.data(), out.data(),
                             pitch);
  };
  run(fast, found);
  run(plain_kernels(), wanted);
  for (std::size_t i = 0; i < wanted.size(); ++i) ASSERT_NEAR(found[i], wanted[i], 1) << i;
}

TEST_P(KernelsOf, Quantize) {
  for (const auto& [count, channels] : {std::pair(1, 8), {5, 24}, {3, 32}, {30, 320}}) {
    check_quantize(fast(), elements<float>(count * channels), count, channels);
    check_quantize(fast(), elements<BFloat16>(count * channels), count, channels);
  }
}

TEST_P(KernelsOf, UpsampleJoinIntegers) {
  for (const JoinSize& size :
       {JoinSize{1, 8, 1, 8, 0}, JoinSize{3, 24, 5, 16, 8}, JoinSize{30, 48, 60, 8, 8}}) {
    const std::size_t low = 2 * size.low_width * size.channels;
    const std::size_t skip = size.width * size.skip_channels;
    check_integer_join<float>(fast(), size, elements<float>(low), elements<float>(skip));
    check_integer_join<BFloat16>(fast(), size, elements<BFloat16>(low), elements<BFloat16>(skip));
  }
}

TEST_P(KernelsOf, UpsampleJoin) {
  for (const JoinSize& size : {JoinSize{1, 8, 1, 8, 0}, JoinSize{3, 24, 5, 16, 8},
                               JoinSize{30, 48, 60, 8, 0}, JoinSize{7, 256, 13, 32, 8}}) {
    const std::size_t low = 2 * size.low_width * size.channels;
    const std::size_t skip = size.width * size.skip_channels;
    check_join<float>(fast(), size, elements<float>(low), elements<float>(skip));
    check_join<BFloat16>(fast(), size, elements<BFloat16>(low), elements<BFloat16>(skip));
  }
}

template <class T>
void check_split(const Kernels& fast, const std::vector<T>& pixels, int hidden, int count) {
  std::vector<T> found = pixels, wanted = pixels;
  std::vector<float> found_planes(5 * count + 1, kCanary), wanted_planes = found_planes;
  const auto run = [=](const Kernels& kernels, std::vector<T>& at, std::vector<float>& planes) {
    float* to[5];
    for (int p = 0; p < 5; ++p) to[p] = planes.data() + p * count;
    kernels.of<T>().split_coarse(at.data(), hidden, count, to);
  };
  run(fast, found, found_planes);
  run(plain_kernels(), wanted, wanted_planes);
  expect_near(found, wanted);
  expect_near(found_planes, wanted_planes);
}

TEST_P(KernelsOf, SplitCoarse) {
  for (int count : kWidths) {
    for (int hidden : {0, 32}) {
      const std::size_t size = count * (hidden + kMapPitch);
      check_split(fast(), elements<float>(size), hidden, count);
      check_split(fast(), elements<BFloat16>(size), hidden, count);
    }
  }
}

// A part of a row reads only its own low pixels.
TEST_P(KernelsOf, UpsampleJoinOfAPart) {
  constexpr int kLowWidth = 9, kWidth = 18, kChannels = 16, kSkip = 8;
  const auto low = randoms(2 * kLowWidth * kChannels), skip = randoms(kWidth * kSkip);
  const BilinearAxis axis = bilinear_axis(kLowWidth, kWidth);
  for (int first : {0, 5, 11}) {
    for (int count : {1, 7}) {
      UpsampleJoinRow<float> row;
      row.upper = low.data();
      row.lower = low.data() + kLowWidth * kChannels;
      row.weight = 0.75f;
      row.low_first = axis.first[first];
      row.low_width = axis.second[first + count - 1] - row.low_first + 1;
      row.channels = kChannels;
      row.columns = {axis.first.data() + first, axis.second.data() + first,
                     axis.weight.data() + first};
      row.skip = skip.data() + first * kSkip;
      row.skip_channels = kSkip;
      row.width = count;
      row.out_pitch = kChannels + kSkip;
      std::vector<float> scratch(row.low_width * kChannels);
      row.scratch = scratch.data();
      std::vector<float> found(count * row.out_pitch + 1, kCanary), wanted = found;
      row.out = found.data();
      fast().of<float>().upsample_join(row);
      row.out = wanted.data();
      plain().of<float>().upsample_join(row);
      expect_near(found, wanted);
    }
  }
}

void check_taps(const Kernels& fast, int low_width, int width, int channels,
                const std::vector<float>& low, const std::vector<float>& out) {
  const BilinearAxis axis = bilinear_axis(low_width, width);
  std::vector<float> scratch(low_width * 3 * channels);
  const int low_row = low_width * 9 * channels;
  for (int beyond : {-1, 0, 2}) {  // the row of taps that lies beyond the image
    TapRow row;
    for (int i = 0; i < 3; ++i) {
      const float* upper = low.data() + i * low_row;
      row.rows[i] = {upper, upper + low_row, 0.25f * static_cast<float>(i),
                     i == beyond ? 0.0f : 1.0f};
    }
    row.low_width = low_width;
    row.channels = channels;
    row.columns = {axis.first.data(), axis.second.data(), axis.weight.data()};
    row.width = width;
    row.rectified = beyond != 0;
    row.scratch = scratch.data();
    std::vector<float> found = out, wanted = out;
    row.out = found.data();
    fast.add_taps(row);
    row.out = wanted.data();
    plain_kernels().add_taps(row);
    ASSERT_EQ(found.back(), kCanary);
    for (std::size_t i = 0; i < wanted.size(); ++i) ASSERT_NEAR(found[i], wanted[i], 2e-5) << i;
  }
}

TEST_P(KernelsOf, AddTaps) {
  for (const auto& [low_width, width] : {std::pair(1, 1), {1, 2}, {2, 3}, {5, 10}, {7, 13}}) {
    for (int channels : {8, 24, 40, 128}) {
      std::vector<float> out = randoms(width * channels);
      out.push_back(kCanary);
      check_taps(fast(), low_width, width, channels, randoms(4 * low_width * 9 * channels), out);
    }
  }
}

TEST_P(KernelsOf, AddProducts) {
  for (int channels : {1, 5, 64}) {
    for (int count : {1, 2, 3, 5, 6, 7, 11, 12, 13, 30}) {
      constexpr int kPitch = kProductOutputs + 3;
      const auto in = randoms(count * channels), weights = randoms(channels * kProductOutputs);
      std::vector<float> found = randoms(count * kPitch), wanted = found;
      PixelProducts products = {in.data(), weights.data(), channels, count, found.data(), kPitch};
      fast().add_products(products);
      products.out = wanted.data();
      plain().add_products(products);
      for (std::size_t i = 0; i < wanted.size(); ++i) {
        if (i % kPitch < kProductOutputs) {
          ASSERT_NEAR(found[i], wanted[i], 5e-5) << count << " pixels, value " << i;
        } else {
          ASSERT_EQ(found[i], wanted[i]) << count << " pixels: between their outputs, at " << i;
        }
      }
    }
  }
}

template <class T>
void check_gather(const Kernels& fast, const std::vector<T>& coarse, int coarse_width, int first,
                  int count, const std::vector<float>& colors) {
  for (int half_width : {coarse_width * 2, coarse_width, coarse_width / 2 + 1}) {
    if (first + count > half_width) continue;
    const BilinearAxis axis = bilinear_axis(coarse_width, half_width);
    std::vector<float> scratch((2 * count + 4) * kHalfPitch);
    HalfRow<T> row;
    row.upper = coarse.data();
    row.lower = coarse.data() + coarse_width * kCoarsePitch;
    row.weight = 0.25f;
    row.columns = {axis.first.data() + first, axis.second.data() + first,
                   axis.weight.data() + first};
    row.color0 = colors.data();
    row.color1 = colors.data() + 2 * count * kColorPitch;
    row.count = count;
    row.scratch = scratch.data();
    std::vector<T> found(count * kHalfPitch + 1, from_float<T>(kCanary)), wanted = found;
    row.out = found.data();
    fast.of<T>().gather_half(row);
    row.out = wanted.data();
    plain_kernels().of<T>().gather_half(row);
    expect_near(found, wanted);
  }
}

TEST_P(KernelsOf, GatherHalf) {
  constexpr int kWidth = 21;
  for (int count : {1, 8, 10, 22}) {
    const auto colors = randoms(4 * count * kColorPitch);
    const std::size_t size = 2 * kWidth * kCoarsePitch + kSlack;
    for (int first : {0, 5}) {
      check_gather(fast(), elements<float>(size), kWidth, first, count, colors);
      check_gather(fast(), elements<BFloat16>(size), kWidth, first, count, colors);
    }
  }
}

template <class T>
void check_gather_full(const Kernels& fast, const std::vector<T>& features,
                       const std::vector<float>& colors, int count) {
  std::vector<T> found(count * kFullPitch + 1, from_float<T>(kCanary)), wanted = found;
  fast.of<T>().gather_full(features.data(), colors.data(), count, found.data());
  plain_kernels().of<T>().gather_full(features.data(), colors.data(), count, wanted.data());
  expect_near(found, wanted);
}

TEST_P(KernelsOf, GatherFullAndSumPixels) {
  for (int count : {2, 8, 36}) {
    const auto colors = randoms(count * kColorPitch);
    check_gather_full(fast(), elements<float>(count * kHalfFeatures), colors, count);
    check_gather_full(fast(), elements<BFloat16>(count * kHalfFeatures), colors, count);
    const auto pixels = elements<BFloat16>(count * 24);
    std::vector<float> found(25, 1.0f), wanted = found;
    fast().of<BFloat16>().sum_pixels(pixels.data(), count, 24, found.data());
    plain().of<BFloat16>().sum_pixels(pixels.data(), count, 24, wanted.data());
    expect_near(found, wanted);
  }
}

INSTANTIATE_TEST_SUITE_P(Levels, KernelsOf,
                         ::testing::Values(Isa::kSse41, Isa::kAvx2, Isa::kAvx512),
                         [](const auto& level) { return isa_name(level.param); });

TEST(BFloat16, RoundsToNearestEven) {
  EXPECT_EQ(to_float(from_float<BFloat16>(1.0f)), 1.0f);
  EXPECT_EQ(to_float(from_float<BFloat16>(1.0f + 1.0f / 256)), 1.0f);
  EXPECT_EQ(to_float(from_float<BFloat16>(1.0f + 3.0f / 256)), 1.0f + 4.0f / 256);
  EXPECT_EQ(to_float(from_float<BFloat16>(-2.03125f)), -2.03125f);
}

}  // namespace
}  // namespace matting::engine
