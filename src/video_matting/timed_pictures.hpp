// A still picture or a film that goes along with another film: new background, plate video.
#ifndef VIDEO_MATTING_TIMED_PICTURES_HPP
#define VIDEO_MATTING_TIMED_PICTURES_HPP

#include <memory>
#include <string>

#include "video/frame_source.hpp"
#include "video_matting/job.hpp"

namespace video_matting {

// The film's picture for each moment of the main one, both beginning together. What comes out for a
// moment depends on nothing else, so that a job can begin anywhere. One thread at a time.
class TimedPictures {
 public:
  // A video, a pattern, or a folder of pictures.
  TimedPictures(const std::string& path, AtEnd at_end, const workflow::video::Rational& rate);

  // The picture at this many seconds from the beginning; calls come with growing seconds. Images
  // that were given out stay as they are; one that stays keeps its generation number.
  workflow::Image at(double seconds);

 private:
  void restart();
  void advance();
  double seconds_of(const workflow::video::Frame& frame) const;

  std::string path_;
  AtEnd at_end_;
  workflow::video::Rational rate_;
  std::unique_ptr<workflow::video::FrameSource> source_;
  workflow::video::Frame current_, next_;
  bool has_next_ = false;
  double loop_start_ = 0;  // when the present round began, seconds
  std::int64_t first_timestamp_ = 0;
};

// Whether path is a film rather than a picture: a sequence, or a file that no picture format
// claims.
bool is_film(const std::string& path);

}  // namespace video_matting

#endif  // VIDEO_MATTING_TIMED_PICTURES_HPP
