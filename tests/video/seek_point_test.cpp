// Beginning in the middle of a video gives the frames that decoding from the beginning gives.
#include "video/seek_point.hpp"

#include <gmock/gmock.h>

#include "temporary_folder.hpp"
#include "video/clips.hpp"
#include "video/video_reader.hpp"

namespace workflow::video {
namespace {

constexpr int kFrames = 60;
constexpr std::int64_t kStep = 7;

struct Seen {
  std::int64_t timestamp, duration;
  std::string pixels;
  bool operator==(const Seen& other) const {
    return timestamp == other.timestamp && duration == other.duration && pixels == other.pixels;
  }
};

std::vector<Seen> read_all(FrameSource& source) {
  std::vector<Seen> seen;
  Frame frame;
  while (source.read(frame)) {
    std::string pixels;
    for (std::uint32_t y = 0; y < frame.image.height(); ++y) {
      pixels.append(reinterpret_cast<const char*>(frame.image.row(y)), 3 * frame.image.width());
    }
    seen.push_back({frame.timestamp, frame.duration, pixels});
  }
  return seen;
}

constexpr std::int64_t kNever = kFrames;

// How a clip is encoded, its file's ending, and the frame from which on seeking in it is exact.
struct Clip {
  const char* name;
  const char* encoding;
  const char* ending;
  std::int64_t seeks_from;
};

void PrintTo(const Clip& clip, std::ostream* out) {
  *out << clip.name;
}

class SeekPointTest : public ::testing::TestWithParam<Clip> {
 protected:
  void SetUp() override {
    SKIP_WITHOUT_FFMPEG();
    path_ = folder_.file(std::string("clip.") + GetParam().ending);
    ffmpeg("-f lavfi -i testsrc2=s=96x64:r=25 -frames:v " + std::to_string(kFrames) +
           " -pix_fmt yuv420p " + GetParam().encoding + " " + path_);
  }

  FrameScan scan() {
    return scan_frames(path_, {25, 1}, kStep, 0, [](std::int64_t) {});
  }

  TemporaryFolder folder_;
  std::string path_;
};

TEST_P(SeekPointTest, GivesTheFramesOfDecodingFromTheBeginning) {
  const FrameScan found = scan();
  const std::vector<Seen> all = read_all(*open_frame_source(path_, {25, 1}));
  ASSERT_EQ(found.frames, static_cast<std::int64_t>(all.size()));
  EXPECT_EQ(found.begin, all.front().timestamp);
  if (GetParam().seeks_from < kNever) {
    EXPECT_EQ(found.points.size(), all.size() / kStep);
  }
  for (const SeekPoint& point : found.points) {
    if (point.number == found.frames) continue;
    if (point.number >= GetParam().seeks_from) {
      EXPECT_TRUE(VideoReader(path_).seek(point)) << point.number;
    }
    const auto source = open_frame_source_at(path_, {25, 1}, point.number, &point);
    const std::vector<Seen> rest(all.begin() + point.number, all.end());
    EXPECT_TRUE(read_all(*source) == rest) << "from frame " << point.number;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Clips, SeekPointTest,
    ::testing::Values(
        Clip{"bframes", "-c:v libx264 -g 9 -bf 4 -x264-params b-pyramid=normal", "mp4", 0},
        Clip{"opengop", "-c:v libx264 -g 9 -bf 4 -x264-params open-gop=1:scenecut=0", "mkv", 0},
        Clip{"variable",
             "-vf 'settb=1/1000,setpts=N*40+13*mod(N\\,3)' -fps_mode passthrough -enc_time_base "
             "1:1000 "
             "-c:v libx264 -g 9 -bf 4 -x264-params open-gop=1",
             "mp4", 0},
        Clip{"intrarefresh", "-c:v libx264 -g 10 -x264-params intra-refresh=1", "mp4", 0},
        Clip{"onekey", "-c:v libx264 -g 999 -bf 2", "mp4", 0},
        Clip{"mpeg2", "-c:v mpeg2video -g 8 -bf 2", "mkv", 0},
        Clip{"stream", "-c:v libx264 -g 9 -bf 4", "ts", 35},
        Clip{"vp9", "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -g 9", "webm", 0},
        Clip{"raw", "-c:v libx264 -g 9 -bf 4", "h264", kNever}),
    [](const auto& clip) { return std::string(clip.param.name); });

class SeekPoints : public ::testing::Test {
 protected:
  void SetUp() override { SKIP_WITHOUT_FFMPEG(); }
  TemporaryFolder folder_;
};

TEST_F(SeekPoints, AreNotTakenWhereTheFrameIsAnother) {
  const std::string path = folder_.file("clip.mp4");
  ffmpeg(grey_steps(32, 32, 20) + " -c:v libx264 -g 5 -bf 2 " + path);
  const FrameScan scan = scan_frames(path, {25, 1}, 10, 0, [](std::int64_t) {});
  ASSERT_EQ(scan.points.size(), 2u);
  SeekPoint point = scan.points[0];
  EXPECT_TRUE(VideoReader(path).seek(point));
  point.checksum[0] ^= 1;
  EXPECT_FALSE(VideoReader(path).seek(point));
  point = scan.points[0];
  ++point.previous;
  EXPECT_FALSE(VideoReader(path).seek(point));
  const auto source = open_frame_source_at(path, {25, 1}, 10, &point);
  EXPECT_EQ(read_all(*source).size(), 10u) << "decoded from the beginning";
}

TEST_F(SeekPoints, EndAtTheLimit) {
  const std::string path = folder_.file("clip.mkv");
  ffmpeg(grey_steps(32, 32, 12) + " -c:v ffv1 " + path);
  std::int64_t seen = 0;
  const FrameScan scan =
      scan_frames(path, {25, 1}, 5, 7, [&](std::int64_t count) { seen = count; });
  EXPECT_EQ(scan.frames, 7);
  EXPECT_EQ(seen, 7);
  EXPECT_EQ(scan.points.size(), 1u);
}

TEST_F(SeekPoints, AreNotNeededByPictures) {
  ffmpeg(grey_steps(32, 32, 6) + " " + folder_.file("%d.png"));
  const FrameScan scan = scan_frames(folder_.file("%d.png"), {25, 1}, 2, 0, [](std::int64_t) {});
  EXPECT_EQ(scan.frames, 6);
  EXPECT_TRUE(scan.points.empty());
  EXPECT_EQ(read_all(*open_frame_source_at(folder_.file("%d.png"), {25, 1}, 4, nullptr)).size(),
            2u);
}

}  // namespace
}  // namespace workflow::video
