#include "video/film_muxer.hpp"

extern "C" {
#include <libavutil/mem.h>
}

#include <iterator>

namespace workflow::video {
namespace {

constexpr int kLeastTicks = 1000;  // a second, for durations in a file's header
constexpr int kFilm = 0;           // number of the film's stream in the output

// Written by every muxer anew; copied ones would contradict the file.
constexpr const char* kOwnKeys[] = {"major_brand", "minor_version", "compatible_brands", "encoder",
                                    "DURATION"};

void copy_metadata(AVDictionary** dst, const AVDictionary* src) {
  av_dict_copy(dst, src, 0);
  for (const char* key : kOwnKeys) av_dict_set(dst, key, nullptr, 0);
}

// The first timecode that the source names, wherever it keeps it; null without one.
const char* timecode_of(const AVFormatContext& source) {
  const AVDictionaryEntry* found = av_dict_get(source.metadata, "timecode", nullptr, 0);
  for (unsigned i = 0; found == nullptr && i < source.nb_streams; ++i) {
    found = av_dict_get(source.streams[i]->metadata, "timecode", nullptr, 0);
  }
  return found == nullptr ? nullptr : found->value;
}

void copy_chapters(const AVFormatContext& source, AVFormatContext& output) {
  if (source.nb_chapters == 0) return;
  output.chapters = static_cast<AVChapter**>(av_calloc(source.nb_chapters, sizeof(AVChapter*)));
  for (unsigned i = 0; output.chapters != nullptr && i < source.nb_chapters; ++i) {
    auto* chapter = static_cast<AVChapter*>(av_mallocz(sizeof(AVChapter)));
    if (chapter == nullptr) return;
    *chapter = *source.chapters[i];
    chapter->metadata = nullptr;
    av_dict_copy(&chapter->metadata, source.chapters[i]->metadata, 0);
    output.chapters[output.nb_chapters++] = chapter;
  }
}

}  // namespace

FilmMuxer::FilmMuxer(const OutputPlan& plan, const AVCodecParameters& film, AVFormatContext* source,
                     const std::vector<int>& copied)
    : plan_(plan), source_(source) {
  check(avformat_alloc_output_context2(&output_, nullptr, plan.format.muxer.c_str(), nullptr),
        WF_NOT_SUPPORTED, "cannot make " + plan.format.name);
  output_->flags |= AVFMT_FLAG_BITEXACT;  // no random numbers: equal frames make equal files
  add_film(film);
  for (int index : copied) add_copied(index);
  add_metadata();
}

FilmMuxer::~FilmMuxer() {
  if (opened_file_) avio_closep(&output_->pb);
  avformat_free_context(output_);
}

void FilmMuxer::add_film(const AVCodecParameters& film) {
  AVStream* stream = avformat_new_stream(output_, nullptr);
  if (stream == nullptr) throw Error(WF_OUT_OF_MEMORY, "no memory for a video stream");
  check(avcodec_parameters_copy(stream->codecpar, &film), WF_OUT_OF_MEMORY, plan_.path);
  stream->codecpar->codec_tag = 0;
  // H.265 under the name that Apple's players take.
  if (film.codec_id == AV_CODEC_ID_HEVC) stream->codecpar->codec_tag = MKTAG('h', 'v', 'c', '1');
  stream->time_base = to_libav(plan_.clip.time_base);
  stream->avg_frame_rate = to_libav(plan_.clip.average_rate);
  stream->r_frame_rate = stream->avg_frame_rate;
  stream->sample_aspect_ratio = to_libav(plan_.clip.sample_aspect);
  stream->codecpar->sample_aspect_ratio = stream->sample_aspect_ratio;
  // WebM's and Matroska's own sign that the second layer of a VP9 stream is alpha.
  if (film.format == AV_PIX_FMT_YUVA420P) av_dict_set(&stream->metadata, "alpha_mode", "1", 0);
}

void FilmMuxer::add_copied(int index) {
  const AVStream& from = *source_->streams[index];
  AVStream* stream = avformat_new_stream(output_, nullptr);
  if (stream == nullptr) throw Error(WF_OUT_OF_MEMORY, "no memory for a stream");
  check(avcodec_parameters_copy(stream->codecpar, from.codecpar), WF_OUT_OF_MEMORY, plan_.path);
  // A tag belongs to its container: keep it only where this one has it too.
  const std::uint32_t tag = from.codecpar->codec_tag;
  if (av_codec_get_id(output_->oformat->codec_tag, tag) != from.codecpar->codec_id) {
    stream->codecpar->codec_tag = 0;
  }
  stream->time_base = from.time_base;
  stream->disposition = from.disposition;
  copy_metadata(&stream->metadata, from.metadata);
  copied_[index] = stream;
}

void FilmMuxer::add_metadata() {
  if (source_ != nullptr) {
    copy_metadata(&output_->metadata, source_->metadata);
    copy_chapters(*source_, *output_);
    if (const char* timecode = timecode_of(*source_)) {
      av_dict_set(&output_->streams[kFilm]->metadata, "timecode", timecode, 0);
      av_dict_set(&output_->metadata, "timecode", timecode, 0);
    }
  }
  const std::string note = alpha_note(plan_);
  if (note.empty()) return;
  const AVDictionaryEntry* comment = av_dict_get(output_->metadata, "comment", nullptr, 0);
  const std::string text = note + (comment ? std::string("; ") + comment->value : "");
  av_dict_set(&output_->metadata, "comment", text.c_str(), 0);
}

int FilmMuxer::write_header() {
  AVDictionary* options = nullptr;
  if (plan_.format.muxer == "mp4" || plan_.format.muxer == "mov") {
    // The index in front, so that the file plays while it comes; colours in a colr atom.
    av_dict_set(&options, "movflags", "+faststart+write_colr", 0);
    // A film that does not begin at 0 begins with an empty edit, which is measured in these ticks.
    const int ticks = plan_.clip.time_base.denominator;
    av_dict_set_int(&options, "movie_timescale", ticks < kLeastTicks ? ticks * kLeastTicks : ticks,
                    0);
    if (av_dict_get(output_->metadata, "timecode", nullptr, 0) != nullptr) {
      av_dict_set(&options, "write_tmcd", "1", 0);
    }
  }
  const int result = avformat_write_header(output_, &options);
  av_dict_free(&options);
  return result < 0 ? result : 0;
}

int FilmMuxer::rehearse() {
  int result = avio_open_dyn_buf(&output_->pb);
  if (result < 0) return result;
  result = write_header();
  std::uint8_t* bytes = nullptr;
  avio_close_dyn_buf(output_->pb, &bytes);
  av_free(bytes);
  output_->pb = nullptr;
  return result;
}

void FilmMuxer::begin(const std::string& file) {
  // faststart reads the file again under this name.
  av_freep(&output_->url);
  output_->url = av_strdup(("file:" + file).c_str());
  check(avio_open(&output_->pb, output_->url, AVIO_FLAG_WRITE), WF_WRITE_FAILED,
        "cannot write " + plan_.path);
  opened_file_ = true;
  check(write_header(), WF_WRITE_FAILED, "cannot begin " + plan_.path);
}

void FilmMuxer::write_film(AVPacket& packet) {
  AVStream& stream = *output_->streams[kFilm];
  av_packet_rescale_ts(&packet, to_libav(plan_.clip.time_base), stream.time_base);
  packet.stream_index = kFilm;
  write(packet);
}

void FilmMuxer::write_copied(AVPacket& packet) {
  const auto found = copied_.find(packet.stream_index);
  if (found == copied_.end()) return;
  av_packet_rescale_ts(&packet, source_->streams[found->first]->time_base,
                       found->second->time_base);
  packet.stream_index = found->second->index;
  packet.pos = -1;
  write(packet);
}

void FilmMuxer::write(AVPacket& packet) {
  check(av_interleaved_write_frame(output_, &packet), WF_WRITE_FAILED,
        "cannot write " + plan_.path);
}

void FilmMuxer::end() {
  check(av_write_trailer(output_), WF_WRITE_FAILED, "cannot end " + plan_.path);
  opened_file_ = false;
  check(avio_closep(&output_->pb), WF_WRITE_FAILED, "cannot end " + plan_.path);
}

}  // namespace workflow::video
