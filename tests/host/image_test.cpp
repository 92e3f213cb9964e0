#include "workflow/image.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <thread>
#include <vector>

#include "error_of.hpp"

namespace workflow {
namespace {

using ::testing::HasSubstr;

TEST(Image, RowsAreAlignedAndZeroed) {
  const Image image(17, 5, WF_FORMAT_RGBA16);
  EXPECT_GE(image.stride_bytes(), 17 * 8);
  for (std::uint32_t y = 0; y < 5; ++y) {
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(image.row(y)) % 64, 0u);
    for (int x = 0; x < 17 * 8; ++x) EXPECT_EQ(image.row(y)[x], 0);
  }
}

TEST(Image, RefusesWhatItCannotHold) {
  EXPECT_EQ(error_of([] { Image(0, 5, WF_FORMAT_RGB8); }).code(), WF_BAD_IMAGE);
  EXPECT_EQ(error_of([] { Image(5, 5, WF_FORMAT_NONE); }).code(), WF_BAD_IMAGE);
  EXPECT_EQ(error_of([] { Image(5, 5, 77); }).code(), WF_BAD_IMAGE);
  EXPECT_EQ(error_of([] { Image(16385, 1, WF_FORMAT_RGB8); }).code(), WF_TOO_LARGE);
  EXPECT_EQ(error_of([] { Image(16000, 16000, WF_FORMAT_RGB8); }).code(), WF_TOO_LARGE);
  EXPECT_THAT(error_of([] { Image(16385, 2, WF_FORMAT_RGB8); }).what(), HasSubstr("16385x2"));
}

TEST(Image, CopiesShareThePixelsAndOutliveTheOriginal) {
  Image copy;
  {
    Image image(4, 4, WF_FORMAT_GRAY8);
    image.row(3)[2] = 9;
    copy = image;
    EXPECT_EQ(copy.view().data, image.view().data);
  }
  EXPECT_EQ(copy.row(3)[2], 9);
}

TEST(Image, BorrowsWithStrideAndGeneration) {
  std::uint8_t pixels[3 * 10] = {};
  pixels[2 * 10 + 1] = 5;
  const wf_image view = {sizeof(wf_image), WF_FORMAT_GRAY8, 4, 3, 10, pixels, 42};
  const Image image = Image::borrow(view);
  EXPECT_EQ(image.row(2)[1], 5);
  EXPECT_EQ(image.view().generation, 42u);
}

TEST(Image, BorrowsFromACallerOfAbi10WithoutReadingItsGeneration) {
  std::uint8_t pixels[16] = {};
  wf_image view = {offsetof(wf_image, generation), WF_FORMAT_GRAY8, 4, 4, 4, pixels, 0xa5a5a5a5};
  EXPECT_EQ(Image::borrow(view).view().generation, 0u);
  view.struct_size = 8;
  EXPECT_EQ(error_of([&] { Image::borrow(view); }).code(), WF_INVALID_ARGUMENT);
}

TEST(Image, RefusesToBorrowWhatIsNotUsable) {
  alignas(2) std::uint8_t pixels[100] = {};
  const wf_image good = {sizeof(wf_image), WF_FORMAT_GRAY16, 4, 4, 8, pixels, 0};
  const auto code = [&](auto change) {
    wf_image view = good;
    change(view);
    return error_of([&] { Image::borrow(view); }).code();
  };
  EXPECT_EQ(code([](wf_image&) {}), WF_OK);
  EXPECT_EQ(code([](wf_image& v) { v.data = nullptr; }), WF_BAD_IMAGE);
  EXPECT_EQ(code([](wf_image& v) { v.stride_bytes = 6; }), WF_BAD_IMAGE);
  EXPECT_EQ(code([](wf_image& v) { v.stride_bytes = -8; }), WF_BAD_IMAGE);
  EXPECT_EQ(code([](wf_image& v) { v.stride_bytes = 9; }), WF_BAD_IMAGE);
  EXPECT_EQ(code([&](wf_image& v) { v.data = pixels + 1; }), WF_BAD_IMAGE);
}

TEST(NextGeneration, IsNeverTheSameInAnyThread) {
  std::vector<std::vector<std::uint64_t>> numbers(4);
  std::vector<std::thread> threads;
  for (auto& list : numbers) {
    threads.emplace_back([&list] {
      for (int i = 0; i < 1000; ++i) list.push_back(next_generation());
    });
  }
  for (auto& thread : threads) thread.join();
  std::set<std::uint64_t> all;
  for (const auto& list : numbers) all.insert(list.begin(), list.end());
  EXPECT_EQ(all.size(), 4000u);
  EXPECT_EQ(all.count(0), 0u);
}

TEST(Format, FactsOfEach) {
  EXPECT_EQ(pixel_bytes(WF_FORMAT_BGRA16), 8);
  EXPECT_EQ(channel_count(WF_FORMAT_GRAY16), 1);
  EXPECT_EQ(channel_bytes(WF_FORMAT_RGB8), 1);
  EXPECT_EQ(pixel_bytes(99), 0);
  EXPECT_STREQ(format_name(WF_FORMAT_BGR16), "bgr16");
  EXPECT_STREQ(format_name(99), "unknown format");
}

}  // namespace
}  // namespace workflow
