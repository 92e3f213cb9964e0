#include "video/pixel_conversion.hpp"

#include <tuple>

namespace workflow::video {
namespace {

// Exact sums, and chroma brought to every pixel by interpolation: edges of hair are what this is
// for.
constexpr int kFlags =
    SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT | SWS_FULL_CHR_H_INP | SWS_BITEXACT;
constexpr int kOne = 1 << 16;  // contrast and saturation as they are, 16.16

// RGB and grey (in our own files a matte) use all values; only luma beside chroma may be narrower.
bool always_full_range(int format) {
  const AVPixFmtDescriptor* facts = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(format));
  return facts != nullptr &&
         ((facts->flags & AV_PIX_FMT_FLAG_RGB) != 0 || facts->nb_components < 3);
}

// The J formats say full range by their name.
bool is_full_range(const AVFrame& frame, const ColourTags& colour) {
  switch (frame.format) {
    case AV_PIX_FMT_YUVJ420P:
    case AV_PIX_FMT_YUVJ422P:
    case AV_PIX_FMT_YUVJ444P:
    case AV_PIX_FMT_YUVJ440P:
      return true;
    default:
      break;
  }
  if (frame.color_range == AVCOL_RANGE_UNSPECIFIED) return colour.full_range;
  return frame.color_range == AVCOL_RANGE_JPEG;
}

template <typename Value>
void interleave_row(const std::uint8_t* red_row, const std::uint8_t* green_row,
                    const std::uint8_t* blue_row, std::uint32_t width, std::uint8_t* dst_row) {
  const auto* red = reinterpret_cast<const Value*>(red_row);
  const auto* green = reinterpret_cast<const Value*>(green_row);
  const auto* blue = reinterpret_cast<const Value*>(blue_row);
  auto* dst = reinterpret_cast<Value*>(dst_row);
  for (std::uint32_t x = 0; x < width; ++x, dst += 3) {
    dst[0] = red[x];
    dst[1] = green[x];
    dst[2] = blue[x];
  }
}

}  // namespace

int assumed_matrix(int width, int height) {
  return width >= 1280 || height >= 720 ? AVCOL_SPC_BT709 : AVCOL_SPC_SMPTE170M;
}

bool PixelConversion::Side::operator==(const Side& other) const {
  return std::tie(width, height, format, matrix, full_range) ==
         std::tie(other.width, other.height, other.format, other.matrix, other.full_range);
}

void PixelConversion::prepare(const Side& src, const Side& dst) {
  if (context_ && src == src_ && dst == dst_) return;
  context_.reset(sws_getContext(src.width, src.height, static_cast<AVPixelFormat>(src.format),
                                dst.width, dst.height, static_cast<AVPixelFormat>(dst.format),
                                kFlags, nullptr, nullptr, nullptr));
  if (!context_) {
    const char* name = av_get_pix_fmt_name(static_cast<AVPixelFormat>(src.format));
    throw Error(WF_NOT_SUPPORTED, std::string("pixels of the format ") + (name ? name : "?") +
                                      " cannot be converted");
  }
  // AVCOL_SPC_* and SWS_CS_* agree in the matrices that files name.
  sws_setColorspaceDetails(context_.get(), sws_getCoefficients(src.matrix), src.full_range,
                           sws_getCoefficients(dst.matrix), dst.full_range, 0, kOne, kOne);
  src_ = src;
  dst_ = dst;
}

void PixelConversion::to_image(const AVFrame& src, const ColourTags& colour, Image& dst) {
  const bool full = always_full_range(src.format);
  const int named = src.colorspace == AVCOL_SPC_UNSPECIFIED ? colour.matrix : src.colorspace;
  const Side from = {src.width, src.height, src.format, full ? AVCOL_SPC_BT709 : named,
                     full || is_full_range(src, colour)};
  const auto to = [&](AVPixelFormat format) {
    return Side{src.width, src.height, format, AVCOL_SPC_BT709, 1};
  };
  if (full) {
    prepare(from, to(pixel_format(dst.format())));
    std::uint8_t* const pixels[] = {dst.row(0)};
    const int strides[] = {static_cast<int>(dst.stride_bytes())};
    sws_scale(context_.get(), src.data, src.linesize, 0, src.height, pixels, strides);
    return;
  }
  // YUV to pixels is plain C in swscale, to planes it is vector code: the same values in a third of
  // the time.
  const AVPixelFormat format =
      channel_bytes(dst.format()) == 2 ? AV_PIX_FMT_GBRP16 : AV_PIX_FMT_GBRP;
  if (!planes_ || planes_->width != src.width || planes_->height != src.height ||
      planes_->format != format) {
    planes_ = make_frame(src.width, src.height, format);
  }
  prepare(from, to(format));
  sws_scale(context_.get(), src.data, src.linesize, 0, src.height, planes_->data,
            planes_->linesize);
  interleave(dst);
}

void PixelConversion::interleave(Image& dst) const {
  const auto row_function = channel_bytes(dst.format()) == 2 ? interleave_row<std::uint16_t>
                                                             : interleave_row<std::uint8_t>;
  for (std::uint32_t y = 0; y < dst.height(); ++y) {
    const auto row = [&](int plane) {
      return planes_->data[plane] + static_cast<std::ptrdiff_t>(y) * planes_->linesize[plane];
    };
    row_function(row(2), row(0), row(1), dst.width(), dst.row(y));
  }
}

void PixelConversion::to_frame(const wf_image& src, const ColourTags& colour, AVFrame& dst) {
  const bool full = always_full_range(dst.format);
  prepare({dst.width, dst.height, pixel_format(src.format), AVCOL_SPC_BT709, 1},
          {dst.width, dst.height, dst.format, full ? AVCOL_SPC_BT709 : colour.matrix,
           full || colour.full_range});
  const std::uint8_t* const planes[] = {static_cast<const std::uint8_t*>(src.data)};
  const int strides[] = {static_cast<int>(src.stride_bytes)};
  sws_scale(context_.get(), planes, strides, 0, dst.height, dst.data, dst.linesize);
}

}  // namespace workflow::video
