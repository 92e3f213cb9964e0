// What a job works with, opened and checked.
#ifndef VIDEO_MATTING_JOB_SETUP_HPP
#define VIDEO_MATTING_JOB_SETUP_HPP

#include <memory>
#include <nlohmann/json.hpp>

#include "video_matting/lanes.hpp"
#include "video_matting/matter.hpp"
#include "video_matting/planned_output.hpp"
#include "video_matting/timed_pictures.hpp"

namespace video_matting {

struct JobSetup {
  // Opens the inputs, gives the lanes their background, chooses the formats and tries the
  // containers: what can be known to be wrong is thrown here, before a frame is computed. With
  // settings.chunk the source stands at the chunk's first frame. repair: null where there is none.
  JobSetup(const JobSettings& settings, Lanes& lanes, const FrameRepair* repair);

  std::unique_ptr<workflow::video::FrameSource> source;
  workflow::Image plate;  // empty where plate_film is there
  std::unique_ptr<TimedPictures> plate_film, background_film;
  std::vector<PlannedOutput> outputs;
  Backdrop backdrop = Backdrop::kNone;
  std::vector<std::string> warnings;
  nlohmann::ordered_json facts;  // see fingerprint.hpp

 private:
  void open_companions(const JobSettings& settings, Lanes& lanes);
};

}  // namespace video_matting

#endif  // VIDEO_MATTING_JOB_SETUP_HPP
