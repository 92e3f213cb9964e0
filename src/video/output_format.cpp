#include "video/output_format.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>

#include "video/libav.hpp"

namespace workflow::video {
namespace {

// Pixel formats by content, 8 bit and 16 bit; empty: the format does not hold it.
struct PixelFormats {
  const char* colour[2];
  const char* colour_and_alpha[2];
  const char* grey[2];
};

struct Row {
  const char* ending;
  const char* codec;  // the --codec that chooses among rows of one ending
  FileKind kind;
  const char* name;
  const char* muxer;
  const char* encoder;
  PixelFormats formats;
  const char* odd_size;  // pixel format where 4:2:0 wants even sides; empty: takes any
  bool says_range;       // whether a file can say that its luma is of full range
  int quality;           // default CRF, 0: has none
  const char* options;
};

constexpr const char* kNone = "";

// Every encoder is given its number of threads (in VideoEncoder) and closed groups of pictures: the
// same frames give the same bytes, and parts that were encoded apart can be joined.
constexpr Row kRows[] = {
    {".mp4",
     "h264",
     FileKind::kVideo,
     "H.264 in MP4",
     "mp4",
     "libx264",
     {{"yuv420p", "yuv420p"}, {kNone, kNone}, {"yuv420p", "yuv420p"}},
     "yuv444p",
     true,
     19,
     "preset=superfast:x264-params=mbtree=1\\:rc-lookahead=20\\:bframes=0\\:weightp=0\\:partitions="
     "none"},
    {".mp4",
     "h265",
     FileKind::kVideo,
     "H.265 in MP4",
     "mp4",
     "libx265",
     {{"yuv420p", "yuv420p10le"}, {kNone, kNone}, {"yuv420p", "yuv420p10le"}},
     "yuv444p",
     true,
     20,
     "preset=faster:x265-params=log-level=none\\:open-gop=0\\:frame-threads=2\\:pools=4"},
    {".mov",
     "prores",
     FileKind::kVideo,
     "ProRes 4444 in MOV",
     "mov",
     "prores_ks",
     {{"yuv444p10le", "yuv444p10le"},
      {"yuva444p10le", "yuva444p10le"},
      {"yuv444p10le", "yuv444p10le"}},
     kNone,
     false,
     0,
     "profile=4444:vendor=apl0:alpha_bits=16:global_quality=236"},
    {".webm",
     "vp9",
     FileKind::kVideo,
     "VP9 in WebM",
     "webm",
     "libvpx-vp9",
     {{"yuv420p", "yuv420p"}, {"yuva420p", "yuva420p"}, {"yuv420p", "yuv420p"}},
     kNone,
     true,
     24,
     "deadline=realtime:cpu-used=6:auto-alt-ref=0:b=0:tile-columns=1"},
    {".mkv",
     "ffv1",
     FileKind::kVideo,
     "FFV1 in Matroska",
     "matroska",
     "ffv1",
     {{"bgr0", "rgb48le"}, {"bgra", "rgba64le"}, {"gray", "gray16le"}},
     kNone,
     true,
     0,
     "level=3:slices=4:slicecrc=1:g=1"},
    {".png",
     "png",
     FileKind::kPng,
     "PNG sequence",
     kNone,
     kNone,
     {{"8", "16"}, {"8", "16"}, {"8", "16"}},
     kNone,
     true,
     0,
     kNone},
    {".exr",
     "exr",
     FileKind::kExr,
     "OpenEXR sequence, half floats, linear light",
     kNone,
     kNone,
     {{"half", "half"}, {"half", "half"}, {"half", "half"}},
     kNone,
     true,
     0,
     kNone},
};

constexpr const char* kWhatHoldsAlpha =
    "use .mov (ProRes 4444), .webm (VP9), .mkv (FFV1), or a sequence such as frames/%05d.png or "
    ".exr";

std::string lower_ending(const std::string& path) {
  std::string ending = std::filesystem::path(path).extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return ending;
}

std::string known_endings() {
  std::string text;
  for (const Row& row : kRows) {
    if (text.find(row.ending) == std::string::npos) text += std::string(" ") + row.ending;
  }
  return text;
}

const Row& find_row(const FormatRequest& request) {
  const std::string ending = lower_ending(request.path);
  std::string codecs;
  for (const Row& row : kRows) {
    if (ending != row.ending) continue;
    if (request.codec.empty() || request.codec == row.codec) return row;
    codecs += std::string(" ") + row.codec;
  }
  if (!codecs.empty()) {
    throw Error(WF_NOT_SUPPORTED, "cannot write " + request.path + " with the codec '" +
                                      request.codec + "': " + ending + " takes" + codecs);
  }
  throw Error(WF_NOT_SUPPORTED, "cannot write " + request.path + ": its ending '" + ending +
                                    "' is not one of" + known_endings());
}

const char* pixel_format_of(const Row& row, const FormatRequest& request) {
  const int depth = request.sixteen_bit ? 1 : 0;
  switch (request.content) {
    case Content::kColourAndAlpha:
      return row.formats.colour_and_alpha[depth];
    case Content::kGrey:
      return row.formats.grey[depth];
    default:
      return row.formats.colour[depth];
  }
}

void check_encoder(const OutputFormat& format, const std::string& path) {
  if (format.kind != FileKind::kVideo) return;
  if (avcodec_find_encoder_by_name(format.encoder.c_str()) != nullptr &&
      av_guess_format(format.muxer.c_str(), nullptr, nullptr) != nullptr) {
    return;
  }
  throw Error(WF_NOT_SUPPORTED, "cannot write " + path + ": the FFmpeg libraries here lack " +
                                    format.encoder + " or " + format.muxer +
                                    "; .mkv (FFV1) needs nothing beside them");
}

}  // namespace

const char* name_of(AlphaMode mode) {
  return mode == AlphaMode::kStraight ? "straight" : "premultiplied";
}

OutputFormat choose_format(const FormatRequest& request) {
  const Row& row = find_row(request);
  OutputFormat format = {
      row.kind,    row.name,       row.muxer, row.encoder, pixel_format_of(row, request),
      row.options, row.says_range, {}};
  if (format.pixel_format.empty()) {
    throw Error(WF_NOT_SUPPORTED, "cannot write " + request.path + ": " + row.name +
                                      " has no alpha; " + kWhatHoldsAlpha +
                                      ", or name a new background");
  }
  const bool odd = request.width % 2 != 0 || request.height % 2 != 0;
  if (odd && *row.odd_size != '\0') {
    format.pixel_format = row.odd_size;
    format.warnings.push_back(request.path +
                              ": an odd size has no 4:2:0, so that it is written in " +
                              row.odd_size + ", which not every player shows");
  }
  if (request.sixteen_bit && format.pixel_format.find("420p") == format.pixel_format.size() - 4) {
    format.warnings.push_back(request.path + ": " + row.name + " is written with 8 of the " +
                              "source's bits");
  }
  if (row.quality != 0) {
    const int quality = request.quality != 0 ? request.quality : row.quality;
    format.options += ":crf=" + std::to_string(quality);
  }
  check_encoder(format, request.path);
  return format;
}

std::string describe_formats() {
  std::string text;
  for (const Row& row : kRows) {
    text += std::string(row.ending) + "  " + row.name +
            (*row.formats.colour_and_alpha[0] != '\0' ? ", with alpha" : "") + "\n";
  }
  return text;
}

bool has_video_ending(const std::string& path) {
  const std::string ending = lower_ending(path);
  return std::any_of(std::begin(kRows), std::end(kRows), [&](const Row& row) {
    return row.kind == FileKind::kVideo && ending == row.ending;
  });
}

}  // namespace workflow::video
