#include <algorithm>
#include <cctype>
#include <filesystem>
#include <opencv2/imgcodecs.hpp>

#include "files/atomic_file.hpp"
#include "media/image_file.hpp"
#include "media/mat_view.hpp"
#include "workflow/error.hpp"

namespace workflow::media {
namespace {

// What OpenCV's writers take; anything else they would convert without a word.
struct FileKind {
  const char* ending;
  bool takes_16_bit;
  bool takes_alpha;
};

constexpr FileKind kFileKinds[] = {
    {".png", true, true},   {".jpg", false, false}, {".jpeg", false, false}, {".bmp", false, true},
    {".webp", false, true}, {".tif", true, true},   {".tiff", true, true},
};

constexpr int kWrittenJpegQuality = 95;

const FileKind& kind_of(const std::string& path) {
  std::string ending = std::filesystem::path(path).extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  for (const FileKind& kind : kFileKinds) {
    if (ending == kind.ending) return kind;
  }
  throw Error(WF_NOT_SUPPORTED, "cannot write " + path + ": its ending '" + ending +
                                    "' is not one of .png .jpg .jpeg .bmp .webp .tif .tiff");
}

void check_fits(const FileKind& kind, const wf_image& image) {
  const bool depth_fits = kind.takes_16_bit || channel_bytes(image.format) != 2;
  const bool alpha_fits = kind.takes_alpha || channel_count(image.format) != 4;
  if (depth_fits && alpha_fits) return;
  throw Error(WF_NOT_SUPPORTED, std::string("a ") + kind.ending + " file cannot hold " +
                                    format_name(image.format) + "; use .png");
}

std::vector<std::uint8_t> encode(const FileKind& kind, const wf_image& image,
                                 const std::vector<int>& options) {
  const cv::Mat pixels = bgr_view(image);
  check_fits(kind, image);
  std::vector<std::uint8_t> bytes;
  try {
    if (cv::imencode(kind.ending, pixels, bytes, options)) return bytes;
  } catch (const cv::Exception& error) {
    throw Error(WF_WRITE_FAILED, std::string("OpenCV cannot make a ") + kind.ending + " file of " +
                                     format_name(image.format) + ": " + error.err);
  }
  throw Error(WF_WRITE_FAILED, std::string("OpenCV cannot make a ") + kind.ending + " file of " +
                                   format_name(image.format));
}

}  // namespace

std::vector<std::uint8_t> encode_png(const wf_image& image) {
  return encode(kind_of("a.png"), image, {});
}

std::vector<std::uint8_t> encode_jpeg(const wf_image& image, int quality) {
  if (quality < 1 || quality > 100) {
    throw Error(WF_INVALID_ARGUMENT,
                "JPEG quality " + std::to_string(quality) + ": wanted 1 to 100");
  }
  return encode(kind_of("a.jpg"), image, {cv::IMWRITE_JPEG_QUALITY, quality});
}

void write_image(const std::string& path, const wf_image& image) {
  const std::vector<int> options = {cv::IMWRITE_JPEG_QUALITY, kWrittenJpegQuality};
  const auto bytes = encode(kind_of(path), image, options);
  files::write_file(path, bytes.data(), bytes.size());
}

}  // namespace workflow::media
