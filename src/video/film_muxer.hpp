// An FFmpeg muxer with the film's stream and copied ones. Private to this module.
#ifndef WORKFLOW_VIDEO_FILM_MUXER_HPP
#define WORKFLOW_VIDEO_FILM_MUXER_HPP

#include <map>
#include <string>
#include <vector>

#include "video/libav.hpp"
#include "video/output_plan.hpp"

namespace workflow::video {

class FilmMuxer {
 public:
  // source: null, or where copied streams come from; must outlive this object. copied: their
  // numbers there.
  FilmMuxer(const OutputPlan& plan, const AVCodecParameters& film, AVFormatContext* source,
            const std::vector<int>& copied);
  ~FilmMuxer();
  FilmMuxer(const FilmMuxer&) = delete;
  FilmMuxer& operator=(const FilmMuxer&) = delete;

  // Whether the container takes these streams: writes its beginning to nowhere. FFmpeg's error or
  // 0.
  int rehearse();

  // Opens the file, which exists, and writes the beginning. Throws Error WF_WRITE_FAILED, as the
  // functions below do.
  void begin(const std::string& file);

  // Takes the packet's data. Timestamps are in the clip's time base.
  void write_film(AVPacket& packet);

  // A packet of the source as it was read; one of a stream that is not copied is dropped.
  void write_copied(AVPacket& packet);

  void end();

 private:
  void add_film(const AVCodecParameters& film);
  void add_copied(int index);
  void add_metadata();
  int write_header();
  void write(AVPacket& packet);

  const OutputPlan& plan_;
  AVFormatContext* source_;
  AVFormatContext* output_ = nullptr;
  std::map<int, AVStream*> copied_;  // by number in the source
  bool opened_file_ = false;
};

}  // namespace workflow::video

#endif  // WORKFLOW_VIDEO_FILM_MUXER_HPP
