// A part of a video: its packets in a file.
#ifndef WORKFLOW_VIDEO_FILM_PART_HPP
#define WORKFLOW_VIDEO_FILM_PART_HPP

#include "video/packet_file.hpp"
#include "video/part.hpp"
#include "video/video_encoder.hpp"

namespace workflow::video {

class FilmPart final : public PartWriter {
 public:
  FilmPart(const OutputPlan& plan, const std::string& path);
  void write(const wf_image& image, std::int64_t number, std::int64_t timestamp,
             std::int64_t duration) override;
  std::string finish() override;

 private:
  bool premultiply_;
  VideoEncoder encoder_;
  PacketFileWriter file_;
  Image multiplied_;
};

}  // namespace workflow::video

#endif  // WORKFLOW_VIDEO_FILM_PART_HPP
