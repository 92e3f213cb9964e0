#include "video/exr_file.hpp"

#include <ImfArray.h>
#include <ImfRgbaFile.h>
#include <ImfStandardAttributes.h>
#include <ImfStringAttribute.h>

#include <cmath>
#include <limits>
#include <vector>

#include "files/atomic_file.hpp"
#include "workflow/error.hpp"

namespace workflow::video {
namespace {

// IEC 61966-2-1.
float linear_of(float encoded) {
  return encoded <= 0.04045f ? encoded / 12.92f : std::pow((encoded + 0.055f) / 1.055f, 2.4f);
}

// Every value of the image's depth, decoded once.
struct Decoding {
  std::vector<float> linear;  // light, 0 to 1
  std::vector<half> light, plain;
  explicit Decoding(std::size_t values) : linear(values), light(values), plain(values) {
    for (std::size_t i = 0; i < values; ++i) {
      plain[i] = alpha(i);
      light[i] = linear[i] = linear_of(alpha(i));
    }
  }
  float alpha(std::size_t value) const {
    return static_cast<float>(value) / static_cast<float>(linear.size() - 1);
  }
};

const Decoding& decoding_for(wf_format format) {
  static const Decoding eight(256);
  if (channel_bytes(format) == 1) return eight;
  static const Decoding sixteen(65536);
  return sixteen;
}

template <typename Value>
void convert_row(const Value* src, const wf_image& image, bool multiply, Imf::Rgba* dst) {
  constexpr Value kOpaque = std::numeric_limits<Value>::max();
  const Decoding& decoding = decoding_for(image.format);
  const int channels = channel_count(image.format);
  const int red = is_blue_first(image.format) ? 2 : 0;
  for (std::uint32_t x = 0; x < image.width; ++x, src += channels) {
    const Value alpha = channels == 4 ? src[3] : kOpaque;
    if (channels == 1) {
      dst[x] = {decoding.plain[*src], decoding.plain[*src], decoding.plain[*src]};
    } else if (!multiply || alpha == kOpaque) {
      dst[x] = {decoding.light[src[red]], decoding.light[src[1]], decoding.light[src[2 - red]],
                decoding.plain[alpha]};
    } else {
      const float factor = decoding.alpha(alpha);
      dst[x] = {decoding.linear[src[red]] * factor, decoding.linear[src[1]] * factor,
                decoding.linear[src[2 - red]] * factor, factor};
    }
  }
}

Imf::Header header_for(const wf_image& image, AlphaMode mode, const ClipInfo& clip) {
  Imf::Header header(static_cast<int>(image.width), static_cast<int>(image.height));
  header.compression() = Imf::PIZ_COMPRESSION;  // grain in half of ZIP's bytes and time
  header.pixelAspectRatio() = static_cast<float>(clip.sample_aspect.value());
  if (channel_count(image.format) == 4) {
    header.insert("alphaMode", Imf::StringAttribute(name_of(mode)));
  }
  if (clip.average_rate.numerator > 0) {
    Imf::addFramesPerSecond(
        header, Imf::Rational(clip.average_rate.numerator, clip.average_rate.denominator));
  }
  return header;
}

Imf::RgbaChannels channels_of(const wf_image& image) {
  switch (channel_count(image.format)) {
    case 1:
      return Imf::WRITE_Y;
    case 3:
      return Imf::WRITE_RGB;
    default:
      return Imf::WRITE_RGBA;
  }
}

}  // namespace

void write_exr(const std::string& path, const wf_image& image, AlphaMode mode,
               const ClipInfo& clip) {
  std::vector<Imf::Rgba> pixels(static_cast<std::size_t>(image.width) * image.height);
  const bool multiply = mode == AlphaMode::kPremultiplied;
  for (std::uint32_t y = 0; y < image.height; ++y) {
    const auto* row = static_cast<const std::uint8_t*>(image.data) + y * image.stride_bytes;
    Imf::Rgba* dst = pixels.data() + static_cast<std::size_t>(y) * image.width;
    if (channel_bytes(image.format) == 1)
      convert_row(row, image, multiply, dst);
    else
      convert_row(reinterpret_cast<const std::uint16_t*>(row), image, multiply, dst);
  }
  files::AtomicFile file(path);
  try {
    Imf::RgbaOutputFile exr(file.temporary_path().c_str(), header_for(image, mode, clip),
                            channels_of(image), 1);
    exr.setFrameBuffer(pixels.data(), 1, image.width);
    exr.writePixels(static_cast<int>(image.height));
  } catch (const std::exception& error) {
    throw Error(WF_WRITE_FAILED, "cannot write " + path + ": " + error.what());
  }
  file.commit();
}

}  // namespace workflow::video
