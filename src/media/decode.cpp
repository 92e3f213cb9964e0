#include <cstring>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>

#include "files/read_file.hpp"
#include "media/image_file.hpp"
#include "media/image_header.hpp"
#include "workflow/error.hpp"

namespace workflow::media {
namespace {

[[noreturn]] void fail(const std::string& name, const std::string& reason) {
  throw Error(WF_READ_FAILED, "cannot read " + name + ": " + reason);
}

ImageHeader checked_header(const ByteReader& bytes, const std::string& name) {
  if (bytes.size() == 0) fail(name, "it is empty; wanted an image file");
  const auto header = read_header(bytes);
  if (!header) fail(name, "it is not an image; wanted PNG, JPEG, BMP, WebP or TIFF");
  if (header->width > kMaximumSide || header->height > kMaximumSide ||
      std::uint64_t{header->width} * header->height > kMaximumPixels) {
    throw Error(WF_TOO_LARGE, name + " is " + std::to_string(header->width) + "x" +
                                  std::to_string(header->height) + " pixels: wanted at most " +
                                  std::to_string(kMaximumSide) + " a side and " +
                                  std::to_string(kMaximumPixels / 1'000'000) +
                                  " megapixels; scale it down first");
  }
  if (!header->damage.empty()) {
    fail(name, std::string("the ") + header->kind + " file is damaged or cut off: " +
                   header->damage + "; get the file again");
  }
  return *header;
}

// EXIF 2.3, tag 274: where the first row and column of the stored pixels belong.
cv::Mat turned_upright(const cv::Mat& stored, int orientation) {
  cv::Mat upright = stored;
  if (orientation >= 5) cv::transpose(stored, upright);
  cv::Mat flipped;
  switch (orientation) {
    case 2:
    case 6:
      cv::flip(upright, flipped, 1);
      return flipped;
    case 3:
    case 7:
      cv::flip(upright, flipped, -1);
      return flipped;
    case 4:
    case 8:
      cv::flip(upright, flipped, 0);
      return flipped;
    default:
      return upright;
  }
}

cv::Mat decoded(const std::uint8_t* bytes, std::size_t size, const std::string& name) {
  // imdecode only reads, but takes no const pointer.
  const cv::Mat file(1, static_cast<int>(size), CV_8U, const_cast<std::uint8_t*>(bytes));
  cv::Mat pixels;
  try {
    pixels = cv::imdecode(file, cv::IMREAD_UNCHANGED);
  } catch (const cv::Exception& error) {
    if (error.code == cv::Error::StsNoMem) throw Error(WF_OUT_OF_MEMORY, name + ": " + error.err);
    fail(name, "it is damaged (" + error.err + "); get the file again");
  }
  if (pixels.empty()) fail(name, "its pixels are damaged or of an unusual kind; save it anew as PNG");
  return pixels;
}

wf_format format_of(const cv::Mat& pixels, const std::string& name) {
  switch (pixels.type()) {
    case CV_8UC1:
      return WF_FORMAT_GRAY8;
    case CV_8UC3:
      return WF_FORMAT_BGR8;
    case CV_8UC4:
      return WF_FORMAT_BGRA8;
    case CV_16UC1:
      return WF_FORMAT_GRAY16;
    case CV_16UC3:
      return WF_FORMAT_BGR16;
    case CV_16UC4:
      return WF_FORMAT_BGRA16;
    default:
      fail(name, "it has " + std::to_string(pixels.channels()) + " channels of " +
                     std::to_string(pixels.elemSize1()) +
                     " bytes; wanted grey, colour or colour with alpha in 8 or 16 bit");
  }
}

}  // namespace

Image decode_image(const std::uint8_t* bytes, std::size_t size_bytes, const std::string& name) {
  if (size_bytes > kMaximumFileBytes) {
    throw Error(WF_TOO_LARGE, name + " has " + std::to_string(size_bytes) +
                                  " bytes: wanted at most " + std::to_string(kMaximumFileBytes));
  }
  const ImageHeader header = checked_header(ByteReader(bytes, size_bytes), name);
  const cv::Mat pixels = turned_upright(decoded(bytes, size_bytes, name), header.orientation);
  Image image(static_cast<std::uint32_t>(pixels.cols), static_cast<std::uint32_t>(pixels.rows),
              format_of(pixels, name));
  const std::size_t row_bytes = pixels.cols * pixels.elemSize();
  for (int y = 0; y < pixels.rows; ++y) {
    std::memcpy(image.row(static_cast<std::uint32_t>(y)), pixels.ptr(y), row_bytes);
  }
  return image;
}

Image read_image(const std::string& path) {
  const auto bytes = files::read_file(path, kMaximumFileBytes);
  return decode_image(bytes.data(), bytes.size(), path);
}

}  // namespace workflow::media
