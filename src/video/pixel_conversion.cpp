#include "video/pixel_conversion.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/core.hpp>
#include <tuple>
#include <vector>

#include "media/mat_view.hpp"

namespace workflow::video {
namespace {

// Exact sums, and chroma brought to every pixel by interpolation: edges of hair are what this is
// for.
constexpr int kFlags =
    SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT | SWS_FULL_CHR_H_INP | SWS_BITEXACT;
constexpr int kOne = 1 << 16;     // contrast and saturation as they are, 16.16
constexpr double kWhite = 65535;  // of our 16 bits

// Null for a format that FFmpeg does not know.
const AVPixFmtDescriptor* facts_of(int format) {
  return av_pix_fmt_desc_get(static_cast<AVPixelFormat>(format));
}

// RGB and grey (in our own files a matte) use all values; only luma beside chroma may be narrower.
bool always_full_range(int format) {
  const AVPixFmtDescriptor* facts = facts_of(format);
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

// Rows of chroma are taken to lie between two of luma in any case.
bool has_left_chroma(const AVFrame& frame) {
  const AVPixFmtDescriptor* facts = facts_of(frame.format);
  if (facts == nullptr || facts->log2_chroma_w != 1) return false;
  switch (frame.chroma_location) {
    case AVCHROMA_LOC_CENTER:
    case AVCHROMA_LOC_TOP:
    case AVCHROMA_LOC_BOTTOM:
      return false;
    default:  // where MPEG-2, H.264 and their heirs have it if the file does not say otherwise
      return true;
  }
}

template <typename Byte>
Yuv420Planes<Byte> planes_of(const AVFrame& frame) {
  return {{frame.data[0], frame.data[1], frame.data[2]},
          {frame.linesize[0], frame.linesize[1], frame.linesize[2]},
          frame.width,
          frame.height};
}

// Channels change places, values stay: swscale has quick code for that, which is as exact, but
// passes it over where bits are asked to be.
bool only_reorders(int from, int to) {
  const AVPixFmtDescriptor *a = facts_of(from), *b = facts_of(to);
  return a != nullptr && b != nullptr && (a->flags & b->flags & AV_PIX_FMT_FLAG_RGB) != 0 &&
         a->comp[0].depth == 8 && b->comp[0].depth == 8;
}

bool is_deep(int format) {
  const AVPixFmtDescriptor* facts = facts_of(format);
  return facts != nullptr && facts->comp[0].depth == 16;
}

// White in the 16 bits that swscale puts beside YUV of that format: it takes more bits than 8 for a
// fraction of 8.
double deep_white(int format, bool full_range) {
  const int depth = facts_of(format)->comp[0].depth;
  const double unit = std::ldexp(1, depth - 8);
  return 256 * (full_range ? (256 * unit - 1) / unit : 255);
}

AVPixelFormat planar_format(wf_format format) {
  const bool deep = channel_bytes(format) == 2;
  if (channel_count(format) == 1) return deep ? AV_PIX_FMT_GRAY16 : AV_PIX_FMT_GRAY8;
  if (channel_count(format) == 4) return deep ? AV_PIX_FMT_GBRAP16 : AV_PIX_FMT_GBRAP;
  return deep ? AV_PIX_FMT_GBRP16 : AV_PIX_FMT_GBRP;
}

// Formats with a plane of alpha that encoders here take, and what they are without it.
int without_alpha(int format) {
  switch (format) {
    case AV_PIX_FMT_YUVA420P:
      return AV_PIX_FMT_YUV420P;
    case AV_PIX_FMT_YUVA444P10:
      return AV_PIX_FMT_YUV444P10;
    default:
      return format;
  }
}
bool has_alpha_plane(int format) {
  return without_alpha(format) != format;
}

// Rounded to the nearest level; swscale dithers it.
void write_alpha(const wf_image& src, AVFrame& dst) {
  const int depth = facts_of(dst.format)->comp[3].depth;
  cv::Mat channel;
  cv::extractChannel(media::pixels_view(src), channel, 3);
  cv::Mat plane(dst.height, dst.width, depth == 8 ? CV_8U : CV_16U, dst.data[3],
                static_cast<std::size_t>(dst.linesize[3]));
  channel.convertTo(plane, plane.type(), ((1 << depth) - 1) / media::full_scale(channel));
}

// Views of a planar frame's planes in the order that an image of that format has its channels in.
std::vector<cv::Mat> channel_planes(const AVFrame& frame, wf_format format) {
  constexpr int kGreen = 0, kBlue = 1, kRed = 2, kAlpha = 3;
  constexpr int kGrey = 0;
  std::vector<int> order = {kRed, kGreen, kBlue};
  if (is_blue_first(format)) order = {kBlue, kGreen, kRed};
  if (channel_count(format) == 4) order.push_back(kAlpha);
  if (channel_count(format) == 1) order = {kGrey};
  const int type = channel_bytes(format) == 2 ? CV_16U : CV_8U;
  std::vector<cv::Mat> planes;
  for (const int plane : order) {
    planes.emplace_back(frame.height, frame.width, type, frame.data[plane],
                        static_cast<std::size_t>(frame.linesize[plane]));
  }
  return planes;
}

}  // namespace

int assumed_matrix(int width, int height) {
  return width >= 1280 || height >= 720 ? AVCOL_SPC_BT709 : AVCOL_SPC_SMPTE170M;
}

bool PixelConversion::Side::operator==(const Side& other) const {
  return std::tie(width, height, format, matrix, full_range, left_chroma) ==
         std::tie(other.width, other.height, other.format, other.matrix, other.full_range,
                  other.left_chroma);
}

void PixelConversion::prepare(const Side& src, const Side& dst) {
  if (context_ && src == src_ && dst == dst_) return;
  context_.reset(sws_alloc_context());
  const auto set = [&](const char* name, int value) {
    av_opt_set_int(context_.get(), name, value, 0);
  };
  set("srcw", src.width), set("srch", src.height), set("src_format", src.format);
  set("dstw", dst.width), set("dsth", dst.height), set("dst_format", dst.format);
  set("sws_flags", only_reorders(src.format, dst.format) ? SWS_POINT : kFlags);
  if (src.left_chroma) set("src_h_chr_pos", 0);
  if (dst.left_chroma) set("dst_h_chr_pos", 0);
  if (!context_ || sws_init_context(context_.get(), nullptr, nullptr) < 0) {
    context_.reset();
    const char* name = av_get_pix_fmt_name(static_cast<AVPixelFormat>(src.format));
    throw Error(WF_NOT_SUPPORTED, std::string("pixels of the format ") + (name ? name : "?") +
                                      " cannot be converted");
  }
  const bool to_deep = !always_full_range(src.format) && is_deep(dst.format);
  const double factor = to_deep ? kWhite / deep_white(src.format, src.full_range != 0) : 1;
  const auto contrast = static_cast<int>(std::lround(kOne * factor));
  // AVCOL_SPC_* and SWS_CS_* agree in the matrices that files name.
  sws_setColorspaceDetails(context_.get(), sws_getCoefficients(src.matrix), src.full_range,
                           sws_getCoefficients(dst.matrix), dst.full_range, 0, contrast, kOne);
  src_ = src;
  dst_ = dst;
}

// Null where swscale has to do it.
Yuv420Conversion* PixelConversion::quick_way(const Side& yuv, wf_format pixels) {
  const bool is_420 = yuv.format == AV_PIX_FMT_YUV420P || yuv.format == AV_PIX_FMT_YUVJ420P;
  const auto weights = luma_weights(yuv.matrix);
  if (!is_420 || !weights || channel_bytes(pixels) != 1 || channel_count(pixels) != 3) {
    return nullptr;
  }
  if (!quick_ || !(yuv == quick_side_)) quick_.emplace(*weights, yuv.full_range != 0);
  quick_side_ = yuv;
  return &*quick_;
}

void PixelConversion::to_image(const AVFrame& src, const ColourTags& colour, Image& dst) {
  const bool full = always_full_range(src.format);
  const int named = src.colorspace == AVCOL_SPC_UNSPECIFIED ? colour.matrix : src.colorspace;
  const Side from = {src.width,
                     src.height,
                     src.format,
                     full ? AVCOL_SPC_BT709 : named,
                     full || is_full_range(src, colour),
                     has_left_chroma(src)};
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
  if (Yuv420Conversion* quick = quick_way(from, dst.format())) {
    const ChromaSite site = from.left_chroma ? ChromaSite::kLeft : ChromaSite::kCentre;
    quick->to_pixels(planes_of<const std::uint8_t>(src), site, dst.view());
    return;
  }
  // YUV to pixels is plain C in swscale, to planes it is vector code: the same values in a quarter
  // of the time.
  AVFrame& planes = planes_for(dst.view());
  prepare(from, to(static_cast<AVPixelFormat>(planes.format)));
  sws_scale(context_.get(), src.data, src.linesize, 0, src.height, planes.data, planes.linesize);
  cv::Mat pixels = media::pixels_view(dst.view());
  cv::merge(channel_planes(planes, dst.format()), pixels);
}

AVFrame& PixelConversion::planes_for(const wf_image& image) {
  const auto width = static_cast<int>(image.width);
  const auto height = static_cast<int>(image.height);
  const AVPixelFormat format = planar_format(image.format);
  if (!planes_ || planes_->width != width || planes_->height != height ||
      planes_->format != format) {
    planes_ = make_frame(width, height, format);
  }
  return *planes_;
}

// 16 bits on their way to YUV: from pixels, too, swscale has no vector code.
const AVFrame& PixelConversion::fill_planes(const wf_image& src, double white) {
  AVFrame& frame = planes_for(src);
  std::vector<cv::Mat> planes = channel_planes(frame, src.format);
  cv::split(media::pixels_view(src), planes);
  constexpr std::size_t kColours = 3;
  for (std::size_t i = 0; i < std::min(planes.size(), kColours); ++i) {
    planes[i].convertTo(planes[i], -1, white / kWhite);
  }
  return frame;
}

void PixelConversion::to_frame(const wf_image& src, const ColourTags& colour, AVFrame& dst) {
  const bool full = always_full_range(dst.format);
  const bool alpha = channel_count(src.format) == 4 && has_alpha_plane(dst.format);
  const Side to = {dst.width,
                   dst.height,
                   alpha ? without_alpha(dst.format) : dst.format,
                   full ? AVCOL_SPC_BT709 : colour.matrix,
                   full || colour.full_range,
                   has_left_chroma(dst)};
  const auto from = [&](int format) {
    return Side{dst.width, dst.height, format, AVCOL_SPC_BT709, 1};
  };
  if (Yuv420Conversion* quick = quick_way(to, src.format)) {
    quick->to_planes(src, planes_of<std::uint8_t>(dst));
  } else if (!full && channel_bytes(src.format) == 2) {
    const AVFrame& planes = fill_planes(src, deep_white(dst.format, colour.full_range));
    prepare(from(planes.format), to);
    sws_scale(context_.get(), planes.data, planes.linesize, 0, dst.height, dst.data, dst.linesize);
  } else {
    prepare(from(pixel_format(src.format)), to);
    const std::uint8_t* const pixels[] = {static_cast<const std::uint8_t*>(src.data)};
    const int strides[] = {static_cast<int>(src.stride_bytes)};
    sws_scale(context_.get(), pixels, strides, 0, dst.height, dst.data, dst.linesize);
  }
  if (alpha) write_alpha(src, dst);
}

}  // namespace workflow::video
