#include "video/video_encoder.hpp"

namespace workflow::video {
namespace {

// The same on every machine, because what an encoder writes depends on it.
constexpr int kThreads = 4;

// A frame that is decoded after one that it precedes needs one on each side.
constexpr int kFewestReordered = 3;

// RGB has no matrix and is full; YUV made from an RGB source gets the common one.
ColourTags tags_for(const OutputFormat& format, const ClipInfo& clip) {
  ColourTags tags = clip.colour;
  const AVPixFmtDescriptor* facts =
      av_pix_fmt_desc_get(av_get_pix_fmt(format.pixel_format.c_str()));
  if ((facts->flags & AV_PIX_FMT_FLAG_RGB) != 0) {
    tags.matrix = AVCOL_SPC_RGB;
    tags.full_range = true;
  } else if (facts->nb_components < 3) {
    tags.full_range = true;
  } else if (tags.matrix == AVCOL_SPC_RGB || tags.matrix == AVCOL_SPC_UNSPECIFIED) {
    tags.matrix = assumed_matrix(static_cast<int>(clip.width), static_cast<int>(clip.height));
    tags.full_range = false;
  } else if (!format.says_range) {
    tags.full_range = false;
  }
  return tags;
}

}  // namespace

VideoEncoder::VideoEncoder(const OutputFormat& format, const ClipInfo& clip) {
  open(format, clip);
  frame_ = make_frame(encoder_->width, encoder_->height, encoder_->pix_fmt);
  frame_->color_range = encoder_->color_range;
  frame_->colorspace = encoder_->colorspace;
  frame_->color_primaries = encoder_->color_primaries;
  frame_->color_trc = encoder_->color_trc;
  frame_->sample_aspect_ratio = encoder_->sample_aspect_ratio;
}

void VideoEncoder::open(const OutputFormat& format, const ClipInfo& clip) {
  silence_libav();
  const AVCodec* codec = avcodec_find_encoder_by_name(format.encoder.c_str());
  encoder_.reset(avcodec_alloc_context3(codec));
  if (codec == nullptr || !encoder_) throw Error(WF_NOT_SUPPORTED, "no encoder " + format.encoder);
  AVCodecContext& encoder = *encoder_;
  encoder.width = static_cast<int>(clip.width);
  encoder.height = static_cast<int>(clip.height);
  encoder.pix_fmt = av_get_pix_fmt(format.pixel_format.c_str());
  encoder.time_base = to_libav(clip.time_base);
  encoder.framerate = to_libav(clip.average_rate);
  encoder.sample_aspect_ratio = to_libav(clip.sample_aspect);
  encoder.thread_count = kThreads;
  encoder.flags |= AV_CODEC_FLAG_GLOBAL_HEADER | AV_CODEC_FLAG_BITEXACT;
  colour_ = tags_for(format, clip);
  encoder.color_range = colour_.full_range ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG;
  encoder.colorspace = static_cast<AVColorSpace>(colour_.matrix);
  encoder.color_primaries = static_cast<AVColorPrimaries>(colour_.primaries);
  encoder.color_trc = static_cast<AVColorTransferCharacteristic>(colour_.transfer);
  AVDictionary* options = nullptr;
  av_dict_parse_string(&options, format.options.c_str(), "=", ":", 0);
  const int opened = avcodec_open2(&encoder, codec, &options);
  const AVDictionaryEntry* unknown = av_dict_get(options, "", nullptr, AV_DICT_IGNORE_SUFFIX);
  const std::string left_over = unknown == nullptr ? "" : unknown->key;
  av_dict_free(&options);
  check(opened, WF_NOT_SUPPORTED,
        "cannot start " + format.name + " for " + std::to_string(clip.width) + "x" +
            std::to_string(clip.height) + " " + format.pixel_format);
  if (!left_over.empty()) {
    throw Error(WF_INTERNAL, format.encoder + " does not know the option " + left_over);
  }
}

void VideoEncoder::encode(const wf_image& image, std::int64_t timestamp, std::int64_t duration,
                          const Sink& sink) {
  check(av_frame_make_writable(frame_.get()), WF_OUT_OF_MEMORY, "no memory for a video frame");
  conversion_.to_frame(image, colour_, *frame_);
  frame_->pts = timestamp;
  frame_->pict_type = AV_PICTURE_TYPE_NONE;
  durations_[timestamp] = duration;
  ++frames_;
  check(avcodec_send_frame(encoder_.get(), frame_.get()), WF_WRITE_FAILED, "cannot encode a frame");
  drain(sink);
}

void VideoEncoder::finish(const Sink& sink) {
  ends_ = true;
  check(avcodec_send_frame(encoder_.get(), nullptr), WF_WRITE_FAILED, "cannot end the encoding");
  drain(sink);
}

void VideoEncoder::drain(const Sink& sink) {
  for (;;) {
    const int result = avcodec_receive_packet(encoder_.get(), packet_.get());
    if (result == AVERROR(EAGAIN) || result == AVERROR_EOF) return;
    check(result, WF_WRITE_FAILED, "cannot encode a frame");
    // libx265 subtracts a delay that it sets with the third frame, or what stood in its memory.
    if (ends_ && frames_ < kFewestReordered) packet_->dts = packet_->pts;
    const auto found = durations_.find(packet_->pts);
    if (found != durations_.end()) {
      packet_->duration = found->second;
      durations_.erase(found);
    }
    sink(*packet_);
    av_packet_unref(packet_.get());
  }
}

LibavPointer<AVCodecParameters> VideoEncoder::parameters() const {
  LibavPointer<AVCodecParameters> parameters(avcodec_parameters_alloc());
  if (!parameters) throw Error(WF_OUT_OF_MEMORY, "no memory for a stream's description");
  check(avcodec_parameters_from_context(parameters.get(), encoder_.get()), WF_WRITE_FAILED,
        "cannot describe the stream");
  return parameters;
}

}  // namespace workflow::video
