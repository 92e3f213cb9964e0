#include "video/libav.hpp"

#include <mutex>

namespace workflow::video {

std::string libav_text(int error) {
  char text[AV_ERROR_MAX_STRING_SIZE] = {};
  av_strerror(error, text, sizeof text);
  return text;
}

int check(int result, wf_status code, const std::string& what) {
  if (result >= 0) return result;
  throw Error(result == AVERROR(ENOMEM) ? WF_OUT_OF_MEMORY : code,
              what + ": " + libav_text(result));
}

void silence_libav() {
  static std::once_flag once;
  std::call_once(once, [] { av_log_set_level(AV_LOG_QUIET); });
}

InputPointer open_input(const std::string& path) {
  silence_libav();
  AVFormatContext* opened = nullptr;
  // "file:" keeps a name with a colon from being taken for an address.
  check(avformat_open_input(&opened, ("file:" + path).c_str(), nullptr, nullptr), WF_READ_FAILED,
        "cannot open the video " + path);
  InputPointer input(opened);
  check(avformat_find_stream_info(input.get(), nullptr), WF_READ_FAILED,
        "cannot read the streams of " + path);
  return input;
}

int film_stream(AVFormatContext& input, const std::string& path) {
  const int index = av_find_best_stream(&input, AVMEDIA_TYPE_VIDEO, -1, -1, nullptr, 0);
  if (index >= 0 && !(input.streams[index]->disposition & AV_DISPOSITION_ATTACHED_PIC))
    return index;
  throw Error(WF_READ_FAILED, path + " holds no video stream");
}

LibavPointer<AVCodecContext> open_decoder(const AVStream& stream, int threads,
                                          const std::string& name) {
  const AVCodecParameters& parameters = *stream.codecpar;
  // FFmpeg's own VP8 and VP9 decoders pass over alpha; here only the colours matter.
  const AVCodec* codec = avcodec_find_decoder(parameters.codec_id);
  if (codec == nullptr) {
    throw Error(WF_NOT_SUPPORTED, name + ": there is no decoder for " +
                                      avcodec_get_name(parameters.codec_id) + " here");
  }
  LibavPointer<AVCodecContext> decoder(avcodec_alloc_context3(codec));
  if (!decoder) throw Error(WF_OUT_OF_MEMORY, "no memory for a video decoder");
  check(avcodec_parameters_to_context(decoder.get(), &parameters), WF_READ_FAILED, name);
  decoder->pkt_timebase = stream.time_base;
  decoder->thread_count = threads;
  check(avcodec_open2(decoder.get(), codec, nullptr), WF_READ_FAILED,
        name + ": cannot start the decoder");
  return decoder;
}

LibavPointer<AVFrame> make_frame() {
  LibavPointer<AVFrame> frame(av_frame_alloc());
  if (!frame) throw Error(WF_OUT_OF_MEMORY, "no memory for a video frame");
  return frame;
}

LibavPointer<AVFrame> make_frame(int width, int height, AVPixelFormat format) {
  LibavPointer<AVFrame> frame = make_frame();
  frame->width = width;
  frame->height = height;
  frame->format = format;
  check(av_frame_get_buffer(frame.get(), 0), WF_OUT_OF_MEMORY, "no memory for a video frame");
  return frame;
}

LibavPointer<AVPacket> make_packet() {
  LibavPointer<AVPacket> packet(av_packet_alloc());
  if (!packet) throw Error(WF_OUT_OF_MEMORY, "no memory for a video packet");
  return packet;
}

AVPixelFormat pixel_format(wf_format format) {
  switch (format) {
    case WF_FORMAT_GRAY8:
      return AV_PIX_FMT_GRAY8;
    case WF_FORMAT_RGB8:
      return AV_PIX_FMT_RGB24;
    case WF_FORMAT_BGR8:
      return AV_PIX_FMT_BGR24;
    case WF_FORMAT_RGBA8:
      return AV_PIX_FMT_RGBA;
    case WF_FORMAT_BGRA8:
      return AV_PIX_FMT_BGRA;
    case WF_FORMAT_GRAY16:
      return AV_PIX_FMT_GRAY16;
    case WF_FORMAT_RGB16:
      return AV_PIX_FMT_RGB48;
    case WF_FORMAT_BGR16:
      return AV_PIX_FMT_BGR48;
    case WF_FORMAT_RGBA16:
      return AV_PIX_FMT_RGBA64;
    case WF_FORMAT_BGRA16:
      return AV_PIX_FMT_BGRA64;
    default:
      throw Error(WF_BAD_IMAGE,
                  "a video frame cannot be made of " + std::string(format_name(format)));
  }
}

}  // namespace workflow::video
