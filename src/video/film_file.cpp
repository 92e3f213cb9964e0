#include "video/film_file.hpp"

#include <algorithm>
#include <limits>
#include <optional>

#include "files/atomic_file.hpp"
#include "video/film_muxer.hpp"
#include "video/packet_file.hpp"
#include "video/video_encoder.hpp"

namespace workflow::video {
namespace {

struct Copies {
  std::vector<int> streams;           // numbers in the source that the container takes
  std::vector<std::string> warnings;  // about the others
};

// Streams that can be copied in principle: no film, no cover picture, no raw data track.
bool may_be_copied(const AVStream& stream) {
  switch (stream.codecpar->codec_type) {
    case AVMEDIA_TYPE_AUDIO:
    case AVMEDIA_TYPE_SUBTITLE:
    case AVMEDIA_TYPE_ATTACHMENT:
      return true;
    default:
      return false;
  }
}

// Streams that go along in another shape: timecodes and chapter titles as metadata, of which a
// muxer makes a track again.
bool is_carried_otherwise(const AVStream& stream, const AVFormatContext& source) {
  const std::uint32_t tag = stream.codecpar->codec_tag;
  return tag == MKTAG('t', 'm', 'c', 'd') ||
         (tag == MKTAG('t', 'e', 'x', 't') && source.nb_chapters > 0 &&
          stream.codecpar->codec_type == AVMEDIA_TYPE_DATA);
}

std::string describe(const AVStream& stream) {
  const char* type = av_get_media_type_string(stream.codecpar->codec_type);
  return "stream " + std::to_string(stream.index) + " (" + (type ? type : "data") + ", " +
         avcodec_get_name(stream.codecpar->codec_id) + ")";
}

Copies choose_copies(const OutputPlan& plan, const AVCodecParameters& film,
                     AVFormatContext* source) {
  Copies copies;
  if (source == nullptr) return copies;
  const int own = film_stream(*source, plan.source);
  for (unsigned i = 0; i < source->nb_streams; ++i) {
    const AVStream& stream = *source->streams[i];
    if (stream.index == own || is_carried_otherwise(stream, *source)) continue;
    if (may_be_copied(stream) && FilmMuxer(plan, film, source, {stream.index}).rehearse() == 0) {
      copies.streams.push_back(stream.index);
    } else {
      copies.warnings.push_back(plan.path + ": " + describe(stream) +
                                " of the source is left out, " + plan.format.name +
                                " does not take it");
    }
  }
  return copies;
}

InputPointer open_source(const OutputPlan& plan) {
  return plan.source.empty() ? nullptr : open_input(plan.source);
}

// The packets of all parts, one after the other.
class FilmPackets {
 public:
  FilmPackets(const std::vector<std::string>& files, const AVCodecParameters& film,
              const PartStep& step)
      : files_(files),
        step_(step),
        header_(reinterpret_cast<const char*>(film.extradata),
                static_cast<std::size_t>(film.extradata_size)) {}

  bool read(AVPacket& packet) {
    while (!part_ || !part_->read(packet)) {
      if (next_ == files_.size()) return false;
      step_(next_);
      part_.emplace(files_[next_]);
      if (part_->codec_header() != header_) {
        throw Error(WF_READ_FAILED,
                    files_[next_] +
                        " was encoded with other settings or another version of the "
                        "encoder than the one here; begin anew without it");
      }
      ++next_;
    }
    return true;
  }

 private:
  const std::vector<std::string>& files_;
  const PartStep& step_;
  std::string header_;
  std::size_t next_ = 0;
  std::optional<PacketFileReader> part_;
};

// The source's packets, to be written just before the film's packet of the same time.
class CopiedPackets {
 public:
  CopiedPackets(AVFormatContext* source, const Copies& copies) : source_(source) {
    if (copies.streams.empty()) source_ = nullptr;
    for (unsigned i = 0; source_ != nullptr && i < source_->nb_streams; ++i) {
      source_->streams[i]->discard = AVDISCARD_ALL;
    }
    for (int index : copies.streams) source_->streams[index]->discard = AVDISCARD_DEFAULT;
    if (source_ != nullptr) advance();
  }

  // Those that begin before timestamp (in ticks of base).
  void write_until(std::int64_t timestamp, AVRational base, FilmMuxer& muxer) {
    while (source_ != nullptr && is_before(timestamp, base)) write_one(muxer);
  }
  void write_rest(FilmMuxer& muxer) {
    while (source_ != nullptr) write_one(muxer);
  }

 private:
  void advance() {
    av_packet_unref(packet_.get());
    if (av_read_frame(source_, packet_.get()) < 0) source_ = nullptr;
  }
  bool is_before(std::int64_t timestamp, AVRational base) const {
    const AVStream& stream = *source_->streams[packet_->stream_index];
    const std::int64_t time = packet_->dts != AV_NOPTS_VALUE ? packet_->dts : packet_->pts;
    return time == AV_NOPTS_VALUE || av_compare_ts(time, stream.time_base, timestamp, base) < 0;
  }
  void write_one(FilmMuxer& muxer) {
    muxer.write_copied(*packet_);
    advance();
  }

  AVFormatContext* source_;
  LibavPointer<AVPacket> packet_ = make_packet();
};

}  // namespace

std::vector<std::string> check_film(const OutputPlan& plan) {
  const auto film = VideoEncoder(plan.format, plan.clip).parameters();
  const InputPointer source = open_source(plan);
  const int result = FilmMuxer(plan, *film, source.get(), {}).rehearse();
  check(result, WF_NOT_SUPPORTED, "cannot write " + plan.path);
  return choose_copies(plan, *film, source.get()).warnings;
}

void join_film(const OutputPlan& plan, const std::vector<std::string>& packet_files,
               bool cut_at_end, const PartStep& step) {
  const auto film = VideoEncoder(plan.format, plan.clip).parameters();
  const InputPointer source = open_source(plan);
  const Copies copies = choose_copies(plan, *film, source.get());
  files::AtomicFile file(plan.path);
  FilmMuxer muxer(plan, *film, source.get(), copies.streams);
  muxer.begin(file.temporary_path());
  FilmPackets packets(packet_files, *film, step);
  CopiedPackets copied(source.get(), copies);
  const AVRational base = to_libav(plan.clip.time_base);
  const LibavPointer<AVPacket> packet = make_packet();
  std::int64_t end = 0;
  std::int64_t decoded = std::numeric_limits<std::int64_t>::min();
  while (packets.read(*packet)) {
    // An encoder takes the time that reordering needs from its own first frames: where they lie far
    // apart, a part would begin to be decoded before the one ahead of it has been.
    packet->dts = std::max(packet->dts, decoded + 1);
    decoded = packet->dts;
    end = std::max(end, packet->pts + packet->duration);
    copied.write_until(packet->dts, base, muxer);
    muxer.write_film(*packet);
  }
  if (cut_at_end)
    copied.write_until(end, base, muxer);
  else
    copied.write_rest(muxer);
  muxer.end();
  file.commit();
}

}  // namespace workflow::video
