#include <gmock/gmock.h>

#include <cstring>

#include "clips.hpp"
#include "error_of.hpp"
#include "temporary_folder.hpp"
#include "video/frame_source.hpp"

namespace workflow::video {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class VideoReader : public ::testing::Test {
 protected:
  void SetUp() override { SKIP_WITHOUT_FFMPEG(); }

  std::string make(const std::string& name, const std::string& arguments) {
    ffmpeg(arguments + " " + folder_.file(name));
    return folder_.file(name);
  }

  // Frames of a clip: first value of the middle pixel (0..1), and timestamps.
  struct Seen {
    std::vector<double> values;
    std::vector<std::int64_t> timestamps;
    ClipInfo info;
    std::vector<std::string> warnings;
  };
  static Seen read_all(const std::string& path, std::int64_t skipped = 0) {
    const auto source = open_frame_source(path, {25, 1});
    Seen seen;
    seen.info = source->info();
    source->skip(skipped);
    Frame frame;
    while (source->read(frame)) {
      const std::uint8_t* middle =
          frame.image.row(frame.image.height() / 2) +
          frame.image.width() / 2 * static_cast<std::uint32_t>(pixel_bytes(frame.image.format()));
      seen.values.push_back(channel_bytes(frame.image.format()) == 1
                                ? *middle / 255.0
                                : *reinterpret_cast<const std::uint16_t*>(middle) / 65535.0);
      seen.timestamps.push_back(frame.timestamp);
      EXPECT_EQ(frame.image.width(), seen.info.width);
      EXPECT_EQ(frame.image.height(), seen.info.height);
    }
    seen.warnings = source->warnings();
    return seen;
  }

  // Frames first, first + 1, ... of grey_steps.
  static void expect_steps(const Seen& seen, int first, int count, double tolerance = 0.012) {
    ASSERT_EQ(seen.values.size(), static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) {
      EXPECT_NEAR(seen.values[static_cast<std::size_t>(i)], 10.0 * (first + i) / 219, tolerance)
          << i;
    }
  }

  TemporaryFolder folder_;
};

TEST_F(VideoReader, GivesEveryFrameInOrder) {
  const auto seen = read_all(make("a.mp4", grey_steps(160, 90, 12) + " -c:v libx264 -crf 4 -bf 3"));
  expect_steps(seen, 0, 12);
  EXPECT_EQ(seen.info.width, 160u);
  EXPECT_EQ(seen.info.height, 90u);
  EXPECT_FALSE(seen.info.sixteen_bit);
  EXPECT_DOUBLE_EQ(seen.info.average_rate.value(), 25);
  EXPECT_TRUE(seen.warnings.empty());
}

TEST_F(VideoReader, SkipsWhatReadWouldHaveGiven) {
  const std::string path = make("a.mp4", grey_steps(64, 48, 12) + " -c:v libx264 -crf 4 -bf 3");
  expect_steps(read_all(path, 7), 7, 5);
  const auto source = open_frame_source(path, {25, 1});
  EXPECT_TRUE(source->skip(12));
  EXPECT_FALSE(source->skip(1));
}

TEST_F(VideoReader, KeepsTheTimesOfAVariableRate) {
  const auto seen = read_all(make(
      "v.mkv", grey_steps(64, 48, 5) + " -vf settb=1/1000,setpts='N*N*100+40'"
                                       " -fps_mode passthrough -enc_time_base 1:1000 -c:v ffv1"));
  EXPECT_THAT(seen.timestamps, ElementsAre(40, 140, 440, 940, 1640));
  EXPECT_EQ(seen.info.time_base.denominator, 1000);
}

TEST_F(VideoReader, ReadsOddSizes) {
  const auto seen = read_all(make("o.mkv", grey_steps(161, 91, 3) + " -c:v ffv1 -pix_fmt yuv420p"));
  expect_steps(seen, 0, 3);
  EXPECT_EQ(seen.info.width, 161u);
  EXPECT_EQ(seen.info.height, 91u);
}

TEST_F(VideoReader, GivesMoreThanEightBitsAsSixteen) {
  const auto seen = read_all(make("t.mkv",
                                  "-f lavfi -i nullsrc=s=64x48,format=yuv420p10le,"
                                  "geq=lum='64+N':cb=512:cr=512 -frames:v 4 -c:v ffv1"));
  ASSERT_TRUE(seen.info.sixteen_bit);
  ASSERT_EQ(seen.values.size(), 4u);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_NEAR(seen.values[i], static_cast<double>(i) / 876, 0.0002) << "steps of one in ten bits";
  }
}

TEST_F(VideoReader, DoesNotBelieveAHeaderThatPromisesLess) {
  const std::string path = make("h.avi", grey_steps(64, 48, 12) + " -c:v ffv1");
  std::string bytes = bytes_of(path);
  bytes[bytes.find("avih") + 8 + 16] = 3;  // dwTotalFrames
  bytes[bytes.find("strh") + 8 + 32] = 3;  // dwLength
  write_bytes(path, bytes);
  expect_steps(read_all(path), 0, 12);
}

TEST_F(VideoReader, SaysWhenThereIsLessThanTheHeaderPromises) {
  const std::string path = make("m.avi", grey_steps(64, 48, 12) + " -c:v ffv1");
  std::string bytes = bytes_of(path);
  bytes[bytes.find("avih") + 8 + 16] = 50;
  bytes[bytes.find("strh") + 8 + 32] = 50;
  write_bytes(path, bytes);
  const auto seen = read_all(path);
  expect_steps(seen, 0, 12);
  ASSERT_EQ(seen.warnings.size(), 1u);
  EXPECT_THAT(seen.warnings[0], HasSubstr("promises 50 frames, the file gives 12"));
}

TEST_F(VideoReader, GivesWhatIsThereOfAFileThatWasCutOff) {
  const std::string path = make("c.mp4",
                                "-f lavfi -i testsrc2=s=160x90:r=25 -frames:v 20 -c:v libx264 -g 5 "
                                "-movflags +faststart");
  const std::string bytes = bytes_of(path);
  write_bytes(path, bytes.substr(0, bytes.size() * 6 / 10));
  const auto seen = read_all(path);
  EXPECT_GT(seen.values.size(), 5u);
  EXPECT_LT(seen.values.size(), 20u);
  ASSERT_FALSE(seen.warnings.empty());
  write_bytes(path, bytes.substr(0, 200));
  EXPECT_EQ(error_of([&] { read_all(path); }).code(), WF_READ_FAILED);
}

TEST_F(VideoReader, DoesNotWaitForSoundThatIsLonger) {
  const std::string path = make("s.mkv", "-f lavfi -i sine=d=3 " + grey_steps(64, 48, 5) +
                                             " -map 1 -map 0 -c:v ffv1 -c:a flac");
  const auto seen = read_all(path);
  expect_steps(seen, 0, 5);
  EXPECT_TRUE(seen.warnings.empty());
}

TEST_F(VideoReader, TurnsFramesUpright) {
  // Left half white; turned by 90 degrees clockwise the white half is above.
  const std::string flat =
      make("flat.mp4",
           "-f lavfi -i \"nullsrc=s=64x32,format=yuv420p,geq=lum='if(lt(X,32),235,16)':"
           "cb=128:cr=128\" -frames:v 2 -c:v libx264 -crf 4");
  const std::string turned = make("turned.mp4", "-i " + flat + " -c copy -metadata:s:v rotate=270");
  const auto source = open_frame_source(turned, {25, 1});
  ASSERT_EQ(source->info().width, 32u);
  ASSERT_EQ(source->info().height, 64u);
  Frame frame;
  ASSERT_TRUE(source->read(frame));
  // What ffmpeg itself shows of it is the truth.
  const std::string shown = ffmpeg("-i " + turned + " -frames:v 1 -f rawvideo -pix_fmt rgb24 -");
  ASSERT_EQ(shown.size(), 32u * 64 * 3);
  for (const std::uint32_t y : {4u, 60u}) {
    EXPECT_NEAR(frame.image.row(y)[0], static_cast<std::uint8_t>(shown[y * 32 * 3]), 2) << y;
  }
  EXPECT_GT(std::abs(frame.image.row(4)[0] - frame.image.row(60)[0]), 200);
}

TEST_F(VideoReader, HeedsRangeAndMatrix) {
  for (const char* tags : {"bt709:tv", "bt709:pc", "smpte170m:tv", "smpte170m:pc", "bt2020nc:tv"}) {
    const std::string text = tags;
    const std::string matrix = text.substr(0, text.find(':'));
    const std::string range = text.substr(text.find(':') + 1);
    const std::string path =
        make("c.mkv", "-f lavfi -i color=0xd02860:s=64x48 -vf scale=out_color_matrix=" +
                          (matrix == "bt2020nc" ? "bt2020" : matrix) + ":out_range=" + range +
                          ",format=yuv444p -frames:v 1 -c:v ffv1 -colorspace " + matrix +
                          " -color_range " + range);
    const auto source = open_frame_source(path, {25, 1});
    Frame frame;
    ASSERT_TRUE(source->read(frame)) << tags;
    const std::uint8_t* pixel = frame.image.row(20) + 20 * 3;
    EXPECT_NEAR(pixel[0], 0xd0, 2) << tags;
    EXPECT_NEAR(pixel[1], 0x28, 2) << tags;
    EXPECT_NEAR(pixel[2], 0x60, 2) << tags;
  }
}

double value_at(const void* row, std::size_t index, bool deep) {
  std::uint16_t value = 0;  // little endian, as the pixels
  std::memcpy(&value, static_cast<const char*>(row) + index * (deep ? 2 : 1), deep ? 2 : 1);
  return value;
}

// At edges of colour the interpolation of chroma shows, and where chroma lies: beside the left of
// two pixels, which FFmpeg has to be told. In 16 bits its white is 255 * 256.
TEST_F(VideoReader, InterpolatesColoursAsFfmpegDoes) {
  for (const char* format : {"yuv422p", "yuv420p10le"}) {
    const std::string path = make(
        "e.mkv", std::string("-f lavfi -i testsrc2=s=162x92,format=rgb24,crop=161:91,format=") +
                     format +
                     " -frames:v 1 -c:v ffv1 -colorspace "
                     "bt709 -color_range tv");
    const auto source = open_frame_source(path, {25, 1});
    Frame frame;
    ASSERT_TRUE(source->read(frame)) << format;
    const bool deep = source->info().sixteen_bit;
    const std::string wanted =
        ffmpeg("-i " + path +
               " -vf scale=in_h_chr_pos=0:flags=bicubic+accurate_rnd+full_chroma_int"
               "+full_chroma_inp -f rawvideo -pix_fmt " +
               (deep ? "rgb48le" : "rgb24") + " -");
    const std::size_t row_values = 161 * 3;
    ASSERT_EQ(wanted.size(), 91 * row_values * (deep ? 2 : 1)) << format;
    const double scale = deep ? 257.0 / 256 : 1;
    double worst = 0;
    for (std::uint32_t y = 0; y < 91; ++y) {
      const char* row = wanted.data() + y * row_values * (deep ? 2 : 1);
      for (std::size_t i = 0; i < row_values; ++i) {
        const double value = std::min(deep ? 65535.0 : 255.0, value_at(row, i, deep) * scale);
        worst = std::max(worst, std::abs(value_at(frame.image.row(y), i, deep) - value));
      }
    }
    EXPECT_LE(worst, deep ? 8 : 0) << format;
  }
}

// A step in colour that is to be seen nowhere in luma, in the middle between two columns of chroma.
TEST_F(VideoReader, PutsChromaWhereTheFileSaysThatItLies) {
  for (const char* where : {"left", "center"}) {
    for (const char* format : {"yuv420p", "yuv420p10le", "yuv422p"}) {
      const std::string path =
          make("s.mkv", std::string("-f lavfi -i \"nullsrc=s=96x64,format=") + format +
                            ",geq=lum='126*" +
                            (std::string(format).find("10") == std::string::npos
                                 ? "1':cb='lt(X,24)*80+90':cr=128"
                                 : "4':cb='lt(X,24)*320+360':cr=512") +
                            "\" -frames:v 1 -c:v ffv1 -colorspace bt709 -color_range tv "
                            "-chroma_sample_location " +
                            where);
      const auto source = open_frame_source(path, {25, 1});
      Frame frame;
      ASSERT_TRUE(source->read(frame)) << format;
      const bool deep = source->info().sixteen_bit;
      const auto blue = [&](std::size_t x) {
        return value_at(frame.image.row(31), 3 * x + 2, deep) / (deep ? 257 : 1);
      };
      // Columns 23 and 24 of chroma: at 46 and 48, or at 46.5 and 48.5.
      const double middle = (blue(40) + blue(54)) / 2;
      const bool left = std::string(where) == "left";
      EXPECT_NEAR(blue(47), left ? middle : (3 * blue(40) + blue(54)) / 4, 12) << format << where;
      EXPECT_NEAR(blue(46), blue(40), 20) << format << where;
    }
  }
}

TEST_F(VideoReader, WarnsOfInterlacedFrames) {
  const std::string path = make("i.mkv",
                                "-f lavfi -i testsrc2=s=96x64:r=50 -vf interlace -frames:v 4 "
                                "-c:v mpeg2video -flags +ildct+ilme");
  const auto source = open_frame_source(path, {25, 1});
  Frame frame;
  int frames = 0;
  while (source->read(frame)) ++frames;
  EXPECT_EQ(frames, 4);
  EXPECT_THAT(source->warnings(), ElementsAre(HasSubstr("4 frames are interlaced")));
}

TEST_F(VideoReader, RefusesWhatIsNoVideo) {
  write_bytes(folder_.file("text.mp4"), "not a video");
  const Error text = error_of([&] { read_all(folder_.file("text.mp4")); });
  EXPECT_EQ(text.code(), WF_READ_FAILED);
  EXPECT_THAT(text.what(), HasSubstr("text.mp4"));
  EXPECT_EQ(error_of([&] { read_all(folder_.file("none.mp4")); }).code(), WF_READ_FAILED);
  const std::string sound = make("s.m4a", "-f lavfi -i sine=d=0.2 -c:a aac");
  EXPECT_THAT(error_of([&] { read_all(sound); }).what(), HasSubstr("no video stream"));
}

TEST_F(VideoReader, ReadsPicturesAsASequence) {
  make("p_%03d.png", grey_steps(64, 48, 4) + " -start_number 7 -pix_fmt rgb24");
  for (const std::string& path : {folder_.path(), folder_.file("p_%03d.png")}) {
    const auto seen = read_all(path);
    expect_steps(seen, 0, 4);
    EXPECT_THAT(seen.timestamps, ElementsAre(0, 1, 2, 3));
    EXPECT_EQ(seen.info.first_number, 7);
    EXPECT_TRUE(seen.warnings.empty());
  }
  std::filesystem::remove(folder_.file("p_008.png"));
  const auto gap = read_all(folder_.path());
  EXPECT_EQ(gap.values.size(), 3u);
  ASSERT_EQ(gap.warnings.size(), 1u);
  make("other_1.png", "-i " + folder_.file("p_007.png"));
  EXPECT_THAT(error_of([&] { read_all(folder_.path()); }).what(), HasSubstr("several sequences"));
}

}  // namespace
}  // namespace workflow::video
