#include "video/video_reader.hpp"

extern "C" {
#include <libavutil/display.h>
#include <libavutil/imgutils.h>
}

#include <algorithm>

#include "files/sha256.hpp"
#include "video/fit.hpp"

namespace workflow::video {
namespace {

constexpr double kEarly = 0.9;  // of the promised length; header and frames never agree to the last

const std::int32_t* display_matrix(const AVStream& stream) {
#if LIBAVFORMAT_VERSION_INT >= AV_VERSION_INT(60, 15, 100)
  const AVPacketSideData* data =
      av_packet_side_data_get(stream.codecpar->coded_side_data, stream.codecpar->nb_coded_side_data,
                              AV_PKT_DATA_DISPLAYMATRIX);
  return data == nullptr ? nullptr : reinterpret_cast<const std::int32_t*>(data->data);
#else
  return reinterpret_cast<const std::int32_t*>(
      av_stream_get_side_data(&stream, AV_PKT_DATA_DISPLAYMATRIX, nullptr));
#endif
}

std::int64_t duration_of(const AVFrame& frame) {
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(57, 30, 100)
  return frame.duration;
#else
  return frame.pkt_duration;
#endif
}

bool is_interlaced(const AVFrame& frame) {
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(58, 7, 100)
  return (frame.flags & AV_FRAME_FLAG_INTERLACED) != 0;
#else
  return frame.interlaced_frame != 0;
#endif
}

bool deeper_than_8_bits(AVPixelFormat format) {
  const AVPixFmtDescriptor* facts = av_pix_fmt_desc_get(format);
  return facts != nullptr && facts->comp[0].depth > 8;
}

// Header facts: frames in the stream, else its length at its rate.
std::int64_t expected_frames(const AVFormatContext& input, const AVStream& stream) {
  if (stream.nb_frames > 0) return stream.nb_frames;
  const double rate = av_q2d(stream.avg_frame_rate);
  if (stream.duration > 0) {
    return static_cast<std::int64_t>(
        static_cast<double>(stream.duration) * av_q2d(stream.time_base) * rate + 0.5);
  }
  if (input.duration <= 0) return 0;
  return static_cast<std::int64_t>(static_cast<double>(input.duration) / AV_TIME_BASE * rate + 0.5);
}

// Length that the header gives to the film itself; 0: it gives none.
double promised_seconds(const AVFormatContext& input, const AVStream& stream) {
  if (stream.duration > 0) {
    return static_cast<double>(stream.duration) * av_q2d(stream.time_base);
  }
  const bool alone = input.nb_streams == 1;  // else the length may be that of the sound
  return alone && input.duration > 0 ? static_cast<double>(input.duration) / AV_TIME_BASE : 0;
}

}  // namespace

VideoReader::VideoReader(const std::string& path) : path_(path), input_(open_input(path)) {
  const int index = film_stream(*input_, path);
  stream_ = input_->streams[index];
  for (unsigned i = 0; i < input_->nb_streams; ++i) {
    if (static_cast<int>(i) != index) input_->streams[i]->discard = AVDISCARD_ALL;
  }
  decoder_ = open_decoder(*stream_, 0, path_);
  read_facts();
}

void VideoReader::read_facts() {
  const AVCodecParameters& parameters = *stream_->codecpar;
  if (parameters.width <= 0 || parameters.height <= 0) {
    throw Error(WF_READ_FAILED, path_ + ": the video stream gives no size; the file is damaged");
  }
  orientation_ = orientation_of(display_matrix(*stream_));
  const bool swapped = orientation_.swaps_sides();
  info_.width = static_cast<std::uint32_t>(swapped ? parameters.height : parameters.width);
  info_.height = static_cast<std::uint32_t>(swapped ? parameters.width : parameters.height);
  info_.sixteen_bit = deeper_than_8_bits(static_cast<AVPixelFormat>(parameters.format));
  info_.time_base = from_libav(stream_->time_base);
  const bool has_average = stream_->avg_frame_rate.num > 0;
  info_.average_rate = from_libav(has_average ? stream_->avg_frame_rate : stream_->r_frame_rate);
  const AVRational aspect = av_guess_sample_aspect_ratio(input_.get(), stream_, nullptr);
  if (aspect.num > 0 && aspect.den > 0) {
    info_.sample_aspect = swapped ? Rational{aspect.den, aspect.num} : from_libav(aspect);
  }
  info_.colour.full_range = parameters.color_range == AVCOL_RANGE_JPEG;
  info_.colour.matrix = parameters.color_space == AVCOL_SPC_UNSPECIFIED
                            ? assumed_matrix(parameters.width, parameters.height)
                            : parameters.color_space;
  info_.colour.primaries = parameters.color_primaries;
  info_.colour.transfer = parameters.color_trc;
  info_.expected_frames = expected_frames(*input_, *stream_);
}

bool VideoReader::is_wanted(const AVPacket& packet) const {
  return packet.stream_index == stream_->index &&
         (!skips_to_key_ || (packet.flags & AV_PKT_FLAG_KEY) != 0);
}

// The next packet of the film goes to the decoder; at the end of the file the sign to hand out the
// frames that it still holds.
void VideoReader::send_next_packet() {
  int result = 0;
  do {
    av_packet_unref(packet_.get());
    result = av_read_frame(input_.get(), packet_.get());
  } while (result >= 0 && !is_wanted(*packet_));
  skips_to_key_ = false;
  drained_ = result < 0;
  if (drained_ && result != AVERROR_EOF) early_end_ = libav_text(result);
  const int sent = avcodec_send_packet(decoder_.get(), drained_ ? nullptr : packet_.get());
  if (sent < 0 && sent != AVERROR_EOF) ++damaged_;
}

// Fills decoded_; false after the last frame.
bool VideoReader::decode() {
  while (!ended_) {
    const int result = avcodec_receive_frame(decoder_.get(), decoded_.get());
    if (result >= 0) {
      keep_time();
      return true;
    }
    ended_ = result == AVERROR_EOF || (drained_ && result == AVERROR(EAGAIN));
    if (result == AVERROR(EAGAIN) && !drained_) {
      send_next_packet();
    } else if (!ended_) {
      ++damaged_;
    }
  }
  return false;
}

// A frame without a time, or with one that does not grow, follows the one before it.
void VideoReader::keep_time() {
  const std::int64_t found = decoded_->best_effort_timestamp;
  std::int64_t usual = duration_of(*decoded_);
  if (usual <= 0 && info_.average_rate.numerator > 0) {
    usual = av_rescale_q(1, av_inv_q(to_libav(info_.average_rate)), stream_->time_base);
  }
  const bool usable = found != AV_NOPTS_VALUE && (frames_ == 0 || found > timestamp_);
  if (!usable) {
    ++mended_times_;
    timestamp_ = frames_ == 0 ? 0 : timestamp_ + std::max<std::int64_t>(1, duration_);
  } else {
    timestamp_ = found;
  }
  duration_ = usual;
  ++frames_;
  interlaced_ += is_interlaced(*decoded_) ? 1 : 0;
}

void VideoReader::convert(Frame& frame) {
  const auto width = static_cast<std::uint32_t>(decoded_->width);
  const auto height = static_cast<std::uint32_t>(decoded_->height);
  const bool swapped = orientation_.swaps_sides();
  if ((swapped ? height : width) != info_.width || (swapped ? width : height) != info_.height) {
    throw Error(WF_NOT_SUPPORTED, path_ + ": frame " + std::to_string(frames_) + " is " +
                                      std::to_string(width) + "x" + std::to_string(height) +
                                      ", unlike the frames before it; cut the film there");
  }
  const wf_format format = info_.sixteen_bit ? WF_FORMAT_RGB16 : WF_FORMAT_RGB8;
  fit(frame.image, info_.width, info_.height, format);
  if (orientation_.upright()) {
    conversion_.to_image(*decoded_, info_.colour, frame.image);
    return;
  }
  fit(before_turning_, width, height, format);
  conversion_.to_image(*decoded_, info_.colour, before_turning_);
  orient(before_turning_, orientation_, frame.image);
}

// From the beginning of the file's time to the last frame's end.
double VideoReader::seconds() const {
  return static_cast<double>(timestamp_ + duration_) * info_.time_base.value();
}

bool VideoReader::read(Frame& frame) {
  if (!decode()) return false;
  convert(frame);
  frame.timestamp = timestamp_;
  frame.duration = duration_;
  return true;
}

bool VideoReader::skip(std::int64_t count) {
  while (count > 0 && decode()) --count;
  return count == 0;
}

std::string VideoReader::checksum() const {
  const auto format = static_cast<AVPixelFormat>(decoded_->format);
  const int size = av_image_get_buffer_size(format, decoded_->width, decoded_->height, 1);
  check(size, WF_READ_FAILED, path_);
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(size));
  check(av_image_copy_to_buffer(bytes.data(), size, decoded_->data, decoded_->linesize, format,
                                decoded_->width, decoded_->height, 1),
        WF_READ_FAILED, path_);
  files::Sha256 hash;
  hash.update(bytes.data(), bytes.size());
  return hash.hex();
}

bool VideoReader::seek(const SeekPoint& point) {
  if (av_seek_frame(input_.get(), stream_->index, point.from, AVSEEK_FLAG_BACKWARD) < 0) {
    return false;
  }
  avcodec_flush_buffers(decoder_.get());
  skips_to_key_ = true;
  frames_ = 0;
  while (decode() && timestamp_ < point.previous) continue;
  if (ended_ || timestamp_ != point.previous || checksum() != point.checksum) return false;
  frames_ = point.number;
  return mended_times_ == 0 && damaged_ == 0;
}

std::vector<std::string> VideoReader::warnings() const {
  std::vector<std::string> list;
  if (!early_end_.empty()) {
    list.push_back("reading ended early after " + std::to_string(frames_) +
                   " frames: " + early_end_);
  }
  if (ended_ && frames_ < stream_->nb_frames) {
    list.push_back("the header promises " + std::to_string(stream_->nb_frames) +
                   " frames, the file gives " + std::to_string(frames_) +
                   "; it is cut off or trimmed");
  } else if (ended_ && seconds() < kEarly * promised_seconds(*input_, *stream_)) {
    list.push_back("the film ends earlier than the header promises; it may be cut off");
  }
  if (damaged_ > 0) list.push_back(std::to_string(damaged_) + " packets could not be decoded");
  if (interlaced_ > 0) {
    list.push_back(std::to_string(interlaced_) +
                   " frames are interlaced, and what moves has combs in its matte too; make the "
                   "film progressive first (ffmpeg -i FILE -vf bwdif ...)");
  }
  if (mended_times_ > 0) {
    list.push_back(std::to_string(mended_times_) +
                   " frames had no usable time and follow the one before them");
  }
  return list;
}

}  // namespace workflow::video
