#include "hosts/frei0r/slice_watch.hpp"

#include <gtest/gtest.h>

namespace matting::hosts {
namespace {

constexpr std::size_t kBytes = 1000;
char src[4 * kBytes], dst[4 * kBytes];

bool sliced_after(double second_time, const void* second_src, const void* second_dst) {
  SliceWatch watch(kBytes);
  EXPECT_TRUE(watch.begin(1, src + kBytes, dst + kBytes));
  watch.end();
  EXPECT_TRUE(watch.begin(second_time, second_src, second_dst));
  watch.end();
  return watch.sliced();
}

TEST(SliceWatch, FramesAreNoSlices) {
  EXPECT_FALSE(sliced_after(1, src + kBytes, dst + kBytes)) << "the same frame again";
  EXPECT_FALSE(sliced_after(2, src + 2 * kBytes, dst + 2 * kBytes)) << "the next frame";
  EXPECT_FALSE(sliced_after(1, src + 2 * kBytes, dst)) << "two buffers of a pool";
  EXPECT_FALSE(sliced_after(1, src + kBytes + 16, dst + kBytes + 16)) << "no whole slice apart";
}

TEST(SliceWatch, TheNextSliceOfAFrame) {
  EXPECT_TRUE(sliced_after(1, src + 2 * kBytes, dst + 2 * kBytes));
}
TEST(SliceWatch, TheSliceBefore) {
  EXPECT_TRUE(sliced_after(1, src, dst));
}

TEST(SliceWatch, TwoCallsAtOnce) {
  SliceWatch watch(kBytes);
  EXPECT_TRUE(watch.begin(1, src, dst));
  EXPECT_FALSE(watch.begin(1, src + kBytes, dst + kBytes));
  watch.end();
  EXPECT_TRUE(watch.sliced());
}

}  // namespace
}  // namespace matting::hosts
