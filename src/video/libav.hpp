// Ownership and errors for the libraries of FFmpeg. Private to this module and src/camera.
#ifndef WORKFLOW_VIDEO_LIBAV_HPP
#define WORKFLOW_VIDEO_LIBAV_HPP

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>
}

#include <memory>
#include <string>

#include "video/clip.hpp"
#include "workflow/error.hpp"

namespace workflow::video {

struct LibavDelete {
  void operator()(AVFrame* frame) const { av_frame_free(&frame); }
  void operator()(AVPacket* packet) const { av_packet_free(&packet); }
  void operator()(AVCodecContext* context) const { avcodec_free_context(&context); }
  void operator()(SwsContext* context) const { sws_freeContext(context); }
  void operator()(AVCodecParameters* parameters) const { avcodec_parameters_free(&parameters); }
};
template <typename T>
using LibavPointer = std::unique_ptr<T, LibavDelete>;

// An AVFormatContext that reads.
struct CloseInput {
  void operator()(AVFormatContext* context) const { avformat_close_input(&context); }
};
using InputPointer = std::unique_ptr<AVFormatContext, CloseInput>;

// FFmpeg's own text for an error number.
std::string libav_text(int error);

// Throws Error with code, "what: <FFmpeg's text>", if result is negative; else gives it back.
int check(int result, wf_status code, const std::string& what);

// Keeps FFmpeg from printing, for the whole process: a library does not print.
void silence_libav();

// Opens a file for reading and finds its streams.
InputPointer open_input(const std::string& path);

// Number of the stream that holds the film: no cover picture. Throws Error WF_READ_FAILED.
int film_stream(AVFormatContext& input, const std::string& path);

// The decoder of a stream; threads: 0 for as many as are good for speed, 1 where no frame may be
// held back. name: of the source, for errors. Throws Error WF_NOT_SUPPORTED, WF_READ_FAILED.
LibavPointer<AVCodecContext> open_decoder(const AVStream& stream, int threads,
                                          const std::string& name);

// Throws Error WF_OUT_OF_MEMORY.
LibavPointer<AVFrame> make_frame();

// One with buffers of that size and format. Throws Error WF_OUT_OF_MEMORY.
LibavPointer<AVFrame> make_frame(int width, int height, AVPixelFormat format);
LibavPointer<AVPacket> make_packet();

inline AVRational to_libav(const Rational& value) {
  return {value.numerator, value.denominator};
}
inline Rational from_libav(const AVRational& value) {
  return {value.num, value.den};
}

// wf_format as FFmpeg names it.
AVPixelFormat pixel_format(wf_format format);

}  // namespace workflow::video

#endif  // WORKFLOW_VIDEO_LIBAV_HPP
