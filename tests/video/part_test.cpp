// Every output format: parts are written, joined, and read again by other code.
#include "video/part.hpp"

#include <gmock/gmock.h>
#include <malloc.h>

#include <cmath>
#include <fstream>

#include "clips.hpp"
#include "error_of.hpp"
#include "temporary_folder.hpp"
#include "video/frame_source.hpp"

namespace workflow::video {
namespace {

using ::testing::HasSubstr;

constexpr int kWidth = 96, kHeight = 64, kFrames = 8, kPartFrames = 3;

// Smooth colours that move, and an alpha ramp.
Image picture(int number, Content content, bool sixteen_bit) {
  const int channels = content == Content::kGrey ? 1 : content == Content::kColour ? 3 : 4;
  const wf_format formats[2][5] = {{0, WF_FORMAT_GRAY8, 0, WF_FORMAT_RGB8, WF_FORMAT_RGBA8},
                                   {0, WF_FORMAT_GRAY16, 0, WF_FORMAT_RGB16, WF_FORMAT_RGBA16}};
  Image image(kWidth, kHeight, formats[sixteen_bit ? 1 : 0][channels]);
  for (int y = 0; y < kHeight; ++y) {
    for (int i = 0; i < kWidth * channels; ++i) {
      const int x = i / channels, c = i % channels;
      const double wave = std::sin(0.05 * x + 0.04 * y * (c + 1) + 0.3 * number);
      const double value = c == 3 ? x / (kWidth - 1.0) : 0.5 + 0.4 * wave;
      if (sixteen_bit) {
        reinterpret_cast<std::uint16_t*>(image.row(static_cast<std::uint32_t>(y)))[i] =
            static_cast<std::uint16_t>(value * 65535);
      } else {
        image.row(static_cast<std::uint32_t>(y))[i] = static_cast<std::uint8_t>(value * 255);
      }
    }
  }
  return image;
}

std::int64_t timestamp(int number) {
  return 500 + number * 512 + (number % 3) * 40;
}

class Part : public ::testing::Test {
 protected:
  OutputPlan plan(const std::string& name, Content content, bool sixteen_bit = false,
                  const std::string& codec = "") {
    OutputPlan plan;
    plan.path = folder_.file(name);
    plan.content = content;
    plan.clip.width = kWidth;
    plan.clip.height = kHeight;
    plan.clip.sixteen_bit = sixteen_bit;
    plan.clip.time_base = {1, 12800};
    plan.clip.average_rate = {25, 1};
    plan.clip.sample_aspect = {4, 3};
    plan.clip.colour = {false, 1, 1, 1};
    plan.format = choose_format({plan.path, content, sixteen_bit, kWidth, kHeight, codec, 0});
    return plan;
  }

  // Writes frames first..last-1 as one part.
  static std::string write_part(const OutputPlan& plan, const std::string& path, int first,
                                int last) {
    const auto part = make_part_writer(plan, path);
    for (int i = first; i < last; ++i) {
      const Image image = picture(i, plan.content, plan.clip.sixteen_bit);
      part->write(image.view(), i, timestamp(i), 512);
    }
    return part->finish();
  }

  std::vector<std::string> write_parts(const OutputPlan& plan) {
    std::vector<std::string> parts;
    for (int first = 0; first < kFrames; first += kPartFrames) {
      parts.push_back(folder_.file("part" + std::to_string(first)));
      write_part(plan, parts.back(), first, std::min(first + kPartFrames, kFrames));
    }
    return parts;
  }

  void write(const OutputPlan& plan, Extent extent = Extent::kWhole) {
    EXPECT_TRUE(check_output(plan).empty());
    join_parts(plan, write_parts(plan), extent);
  }

  // Mean difference, in shares of the range, of the frames that ffmpeg decodes of path as
  // pixel_format (8 bit, `channels` of them) from what was written.
  static double difference(const OutputPlan& plan, const std::string& arguments,
                           const std::string& pixel_format, int channels, int first_channel) {
    const std::string bytes =
        ffmpeg(arguments + " -fps_mode passthrough -f rawvideo -pix_fmt " + pixel_format + " -");
    const std::size_t size = static_cast<std::size_t>(kWidth * kHeight * channels);
    EXPECT_EQ(bytes.size(), kFrames * size) << plan.path;
    if (bytes.size() != kFrames * size) return 1;
    double sum = 0;
    for (int n = 0; n < kFrames; ++n) {
      const Image image = picture(n, plan.content, false);
      const int stride = channel_count(image.format());
      for (std::size_t i = 0; i < size; ++i) {
        const auto pixel = i / static_cast<std::size_t>(channels);
        const int c = first_channel + static_cast<int>(i) % channels;
        const std::uint8_t wanted = image.row(static_cast<std::uint32_t>(
            pixel / kWidth))[pixel % kWidth * static_cast<std::size_t>(stride) +
                             static_cast<std::size_t>(c)];
        sum += std::abs(wanted - static_cast<std::uint8_t>(bytes[n * size + i]));
      }
    }
    return sum / static_cast<double>(kFrames * size) / 255;
  }

  void expect_times(const OutputPlan& plan, double tick_seconds) {
    const auto source = open_frame_source(plan.path, {25, 1});
    Frame frame;
    for (int i = 0; i < kFrames; ++i) {
      ASSERT_TRUE(source->read(frame)) << plan.path << " frame " << i;
      EXPECT_NEAR(static_cast<double>(frame.timestamp) * source->info().time_base.value(),
                  static_cast<double>(timestamp(i)) / 12800, tick_seconds / 2 + 1e-9)
          << plan.path << " frame " << i;
    }
    EXPECT_FALSE(source->read(frame));
    EXPECT_NEAR(source->info().sample_aspect.value(), 4.0 / 3, 0.01) << plan.path;
    EXPECT_TRUE(source->warnings().empty()) << source->warnings().front();
  }

  TemporaryFolder folder_;
};

TEST_F(Part, BeginsWhereFramesLieFarApart) {
  SKIP_WITHOUT_FFMPEG();
  const OutputPlan film = plan("film.mp4", Content::kColour);
  const std::vector<std::vector<std::int64_t>> times = {{0, 512, 1024, 1536},
                                                        {2048, 20000, 40000, 60000}};
  std::vector<std::string> parts;
  int number = 0;
  for (const auto& part_times : times) {
    parts.push_back(folder_.file("part" + std::to_string(parts.size())));
    const auto part = make_part_writer(film, parts.back());
    for (const std::int64_t time : part_times) {
      part->write(picture(number, film.content, false).view(), number, time, 512);
      ++number;
    }
    part->finish();
  }
  join_parts(film, parts, Extent::kWhole);
  EXPECT_EQ(ffmpeg("-i " + film.path + " -fps_mode passthrough -f rawvideo -pix_fmt gray -").size(),
            static_cast<std::size_t>(number * kWidth * kHeight));
  EXPECT_EQ(output_of("ffprobe -v error -show_entries frame=pts -of csv=p=0 " + film.path +
                      " | tr -d , | grep ."),
            "0\n512\n1024\n1536\n2048\n20000\n40000\n60000\n");
}

TEST_F(Part, ColourComesBackFromEveryVideoFormat) {
  SKIP_WITHOUT_FFMPEG();
  const struct {
    const char* name;
    const char* codec;
    double tick, tolerance;
  } cases[] = {{"a.mp4", "h264", 1.0 / 12800, 0.012},
               {"b.mp4", "h265", 1.0 / 12800, 0.012},
               {"c.mov", "", 1.0 / 12800, 0.006},
               {"d.webm", "", 1e-3, 0.015},
               {"e.mkv", "", 1e-3, 0}};
  for (const auto& one : cases) {
    for (const bool full_range : {false, true}) {
      OutputPlan output = plan(one.name, Content::kColour, false, one.codec);
      output.clip.colour.full_range = full_range;
      write(output);
      expect_times(output, one.tick);
      EXPECT_LE(difference(output,
                           "-i " + output.path +
                               " -sws_flags accurate_rnd+full_chroma_int+"
                               "full_chroma_inp+bicubic",
                           "rgb24", 3, 0),
                one.tolerance)
          << one.name << (full_range ? ", full range" : "");
      const std::string tags = output_of(
          "ffprobe -v error -show_entries stream=color_range,color_primaries,color_transfer -of "
          "csv=p=0 " +
          output.path);
      EXPECT_THAT(tags, HasSubstr("bt709,bt709")) << one.name;
    }
  }
}

// libx265 gives parts of one or two frames a decode time out of memory that it never set.
TEST_F(Part, AFewFramesKeepTheirTimes) {
  SKIP_WITHOUT_FFMPEG();
  for (const char* codec : {"h264", "h265"}) {
    for (int count : {1, 2, 3}) {
      const std::string name = std::string(codec) + "_" + std::to_string(count);
      const OutputPlan film = plan(name + ".mp4", Content::kColour, false, codec);
      const std::string part = folder_.file(name + ".part");
      mallopt(M_PERTURB, 85);  // new memory is not 0
      write_part(film, part, 0, count);
      mallopt(M_PERTURB, 0);
      join_parts(film, {part}, Extent::kWhole);
      std::string wanted;
      for (int i = 0; i < count; ++i) wanted += std::to_string(timestamp(i)) + "\n";
      EXPECT_EQ(output_of("ffprobe -v error -show_entries frame=pts -of csv=p=0 " + film.path +
                          " | tr -d , | grep ."),
                wanted)
          << name;
    }
  }
}

TEST_F(Part, AlphaComesBackFromTheFormatsThatHoldIt) {
  SKIP_WITHOUT_FFMPEG();
  const struct {
    const char* name;
    const char* decoder;
    double tolerance;
  } cases[] = {{"a.mov", "", 0.004}, {"b.webm", "-c:v libvpx-vp9 ", 0.01}, {"c.mkv", "", 0}};
  for (const auto& one : cases) {
    const OutputPlan output = plan(one.name, Content::kColourAndAlpha);
    write(output);
    EXPECT_LE(
        difference(output, one.decoder + ("-i " + output.path) + " -vf alphaextract", "gray", 1, 3),
        one.tolerance)
        << one.name;
    EXPECT_THAT(output_of("ffprobe -v error -show_entries format_tags -of csv=p=0 " + output.path),
                HasSubstr("alpha: straight"))
        << one.name;
  }
}

TEST_F(Part, AMatteIsExactInFfv1AndFullRangeInH264) {
  SKIP_WITHOUT_FFMPEG();
  const OutputPlan exact = plan("a.mkv", Content::kGrey);
  write(exact);
  EXPECT_EQ(difference(exact, "-i " + exact.path, "gray", 1, 0), 0);
  const OutputPlan small = plan("b.mp4", Content::kGrey);
  write(small);
  EXPECT_LE(difference(small, "-i " + small.path, "gray", 1, 0), 0.01);
}

TEST_F(Part, SixteenBitsComeBackExactlyFromFfv1AndPng) {
  for (const char* name : {"a.mkv", "p_%02d.png"}) {
    const OutputPlan output = plan(name, Content::kColour, true);
    write(output);
    const auto source = open_frame_source(output.path, {25, 1});
    Frame frame;
    for (int n = 0; n < kFrames; ++n) {
      ASSERT_TRUE(source->read(frame)) << name;
      const Image wanted = picture(n, Content::kColour, true);
      const bool blue_first = frame.image.format() == WF_FORMAT_BGR16;
      for (std::uint32_t y = 0; y < kHeight; ++y) {
        const auto* found = reinterpret_cast<const std::uint16_t*>(frame.image.row(y));
        const auto* made = reinterpret_cast<const std::uint16_t*>(wanted.row(y));
        for (int i = 0; i < kWidth * 3; ++i) {
          const int c = blue_first ? 2 - i % 3 : i % 3;
          ASSERT_EQ(found[i], made[i - i % 3 + c]) << name << " frame " << n;
        }
      }
    }
  }
}

TEST_F(Part, EqualFramesGiveEqualBytes) {
  for (const char* name : {"a.mp4", "b.mov", "c.webm", "d.mkv", "e_%02d.png", "f_%02d.exr"}) {
    const OutputPlan output = plan(name, Content::kColour);
    const std::string hash = write_part(output, folder_.file("one"), 2, 6);
    EXPECT_EQ(hash, write_part(output, folder_.file("two"), 2, 6)) << name;
    EXPECT_EQ(hash, hash_of_part(output, folder_.file("one"))) << name;
    EXPECT_NE(hash, write_part(output, folder_.file("two"), 3, 7)) << name;
    std::filesystem::remove_all(folder_.file("one"));
    std::filesystem::remove_all(folder_.file("two"));
  }
}

TEST_F(Part, LeavesNothingWithoutFinish) {
  for (const char* name : {"a.mkv", "p/%02d.png"}) {
    const OutputPlan output = plan(name, Content::kColour);
    const auto part = make_part_writer(output, folder_.file("part"));
    part->write(picture(0, Content::kColour, false).view(), 0, 0, 512);
  }
  EXPECT_FALSE(std::filesystem::exists(folder_.file("part")));
}

// Pictures are written behind the caller's back; what goes wrong there is not lost.
TEST_F(Part, SaysLaterThatAPictureCouldNotBeWritten) {
  for (const char* name : {"p_%02d.png", "x_%02d.exr"}) {
    const OutputPlan output = plan(name, Content::kColour);
    const auto part = make_part_writer(output, folder_.file("part"));
    std::filesystem::remove_all(folder_.file("part.tmp"));
    const Error error = error_of([&] {
      for (int i = 0; i < kFrames; ++i) {
        part->write(picture(i, Content::kColour, false).view(), i, timestamp(i), 512);
      }
      part->finish();
    });
    EXPECT_EQ(error.code(), WF_WRITE_FAILED) << name;
    EXPECT_FALSE(std::filesystem::exists(folder_.file("part"))) << name;
  }
}

TEST_F(Part, PremultipliedColoursAreTimesAlphaAndSaySo) {
  OutputPlan output = plan("p_%02d.png", Content::kColourAndAlpha);
  output.alpha_mode = AlphaMode::kPremultiplied;
  write(output);
  EXPECT_THAT(bytes_of(folder_.file("p_01.png")), HasSubstr("alpha: premultiplied"));
  const auto source = open_frame_source(output.path, {25, 1});
  Frame frame;
  ASSERT_TRUE(source->read(frame));
  ASSERT_EQ(frame.image.format(), WF_FORMAT_BGRA8);
  const Image straight = picture(0, Content::kColourAndAlpha, false);
  for (const int x : {0, 31, 95}) {
    const std::uint8_t* made = straight.row(9) + x * 4;
    const std::uint8_t* found = frame.image.row(9) + x * 4;
    EXPECT_NEAR(found[2], made[0] * made[3] / 255.0, 0.5) << x;
    EXPECT_EQ(found[3], made[3]) << x;
  }
}

TEST_F(Part, ExrIsLinearAndSaysHowItsAlphaIs) {
  SKIP_WITHOUT_FFMPEG();
  OutputPlan output = plan("x_%02d.exr", Content::kColourAndAlpha);
  output.alpha_mode = AlphaMode::kPremultiplied;
  write(output);
  const std::string file = bytes_of(folder_.file("x_01.exr"));
  EXPECT_THAT(file, HasSubstr("alphaMode"));
  EXPECT_THAT(file, HasSubstr("premultiplied"));
  // gbrapf32: planes of green, blue, red, alpha.
  const std::string bytes =
      ffmpeg("-i " + folder_.file("x_01.exr") + " -f rawvideo -pix_fmt gbrapf32le -");
  ASSERT_EQ(bytes.size(), 4u * 4 * kWidth * kHeight);
  const auto* planes = reinterpret_cast<const float*>(bytes.data());
  const Image straight = picture(0, Content::kColourAndAlpha, false);
  for (const int x : {0, 31, 95}) {
    const std::uint8_t* made = straight.row(9) + x * 4;
    const double encoded = made[1] / 255.0, alpha = made[3] / 255.0;
    const double linear =
        encoded <= 0.04045 ? encoded / 12.92 : std::pow((encoded + 0.055) / 1.055, 2.4);
    EXPECT_NEAR(planes[9 * kWidth + x], linear * alpha, 0.001) << x;
    EXPECT_NEAR(planes[3 * kWidth * kHeight + 9 * kWidth + x], alpha, 0.001) << x;
  }
}

TEST_F(Part, CopiesWhatIsNotVideo) {
  SKIP_WITHOUT_FFMPEG();
  write_bytes(
      folder_.file("chapters"),
      ";FFMETADATA1\ntitle=A film\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=200\ntitle=One\n");
  const std::string source = folder_.file("source.mov");
  // Sound is longer than the film.
  ffmpeg("-f lavfi -i testsrc2=s=96x64:r=25:d=0.4 -f lavfi -i sine=d=1.2 -i " +
         folder_.file("chapters") +
         " -map 0 -map 1 -map_metadata 2 -c:v libx264 -c:a aac -timecode 01:02:03:04 " + source);
  for (const char* name : {"a.mp4", "b.mov", "c.mkv"}) {
    OutputPlan output = plan(name, Content::kColour);
    output.source = source;
    write(output);
    EXPECT_EQ(md5_of_packets(output.path, "a"), md5_of_packets(source, "a")) << name;
    const std::string facts = output_of(
        "ffprobe -v error -show_chapters -show_entries format_tags:stream_tags=timecode "
        "-of csv=p=0 " +
        output.path);
    EXPECT_THAT(facts, HasSubstr("One")) << name;
    EXPECT_THAT(facts, HasSubstr("A film")) << name;
    EXPECT_THAT(facts, HasSubstr("01:02:03:04")) << name;
    write(output, Extent::kSoFar);
    EXPECT_LT(std::filesystem::file_size(output.path), bytes_of(source).size() * 100);
    EXPECT_NE(md5_of_packets(output.path, "a"), md5_of_packets(source, "a")) << name << " so far";
  }
}

TEST_F(Part, NamesStreamsThatDoNotFit) {
  SKIP_WITHOUT_FFMPEG();
  const std::string source = folder_.file("source.mkv");
  write_bytes(folder_.file("t.srt"), "1\n00:00:00,000 --> 00:00:00,300\nhello\n");
  ffmpeg("-f lavfi -i testsrc2=s=96x64:r=25:d=0.4 -f lavfi -i sine=d=0.4 -i " +
         folder_.file("t.srt") + " -map 0 -map 1 -map 2 -c:v ffv1 -c:a aac -c:s srt " + source);
  OutputPlan output = plan("a.webm", Content::kColour);
  output.source = source;
  const auto warnings = check_output(output);
  ASSERT_EQ(warnings.size(), 2u);
  EXPECT_THAT(warnings[0], HasSubstr("stream 1 (audio, aac)"));
  EXPECT_THAT(warnings[1], HasSubstr("stream 2 (subtitle, subrip)"));
  output = plan("a.mkv", Content::kColour);
  output.source = source;
  EXPECT_TRUE(check_output(output).empty());
  join_parts(output, write_parts(output), Extent::kWhole);
  EXPECT_EQ(md5_of_packets(output.path, "s"), md5_of_packets(source, "s"));
}

TEST_F(Part, RefusesADamagedPart) {
  const OutputPlan output = plan("a.mkv", Content::kColour);
  auto parts = write_parts(output);
  const std::string bytes = bytes_of(parts[1]);
  write_bytes(parts[1], bytes.substr(0, bytes.size() - 10));
  EXPECT_THAT(error_of([&] { join_parts(output, parts, Extent::kWhole); }).what(),
              HasSubstr("cut off"));
  EXPECT_FALSE(std::filesystem::exists(output.path));
}

}  // namespace
}  // namespace workflow::video
