// Which file a name asks for: the one table of containers, codecs and pixel formats.
#ifndef WORKFLOW_VIDEO_OUTPUT_FORMAT_HPP
#define WORKFLOW_VIDEO_OUTPUT_FORMAT_HPP

#include <cstdint>
#include <string>
#include <vector>

namespace workflow::video {

enum class Content { kColour, kColourAndAlpha, kGrey };

// How colour beside alpha is stored: as it is, or times alpha.
enum class AlphaMode { kStraight, kPremultiplied };
const char* name_of(AlphaMode mode);

enum class FileKind { kVideo, kPng, kExr };

// One row of the table, fitted to what will be written.
struct OutputFormat {
  FileKind kind = FileKind::kVideo;
  std::string name;   // for people: "H.264 in MP4"
  std::string muxer;  // FFmpeg's names, for videos
  std::string encoder;
  std::string pixel_format;
  std::string options;     // "key=value:key=value" of the encoder
  bool says_range = true;  // false: every reader takes YUV for limited range
  std::vector<std::string> warnings;
};

struct FormatRequest {
  std::string path;  // its ending decides
  Content content = Content::kColour;
  bool sixteen_bit = false;  // of the images that will be written
  std::uint32_t width = 0, height = 0;
  std::string codec;  // "h264" or "h265" for .mp4; empty: the first
  int quality = 0;    // the encoder's own scale (CRF), smaller is better; 0: a good default
};

// Throws Error WF_NOT_SUPPORTED for an ending that is not in the table, for content that the format
// does not hold (alpha in MP4), for a codec of another container, and where this FFmpeg lacks the
// encoder. The text names what works.
OutputFormat choose_format(const FormatRequest& request);

// "a.mp4, ..." for help texts: every ending with what it stands for, a line each.
std::string describe_formats();

// Whether path ends as a video file of the table does.
bool has_video_ending(const std::string& path);

}  // namespace workflow::video

#endif  // WORKFLOW_VIDEO_OUTPUT_FORMAT_HPP
