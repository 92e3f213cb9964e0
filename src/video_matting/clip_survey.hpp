// A look over a whole clip before it is matted: a plate out of it, or whether a plate fits it.
#ifndef VIDEO_MATTING_CLIP_SURVEY_HPP
#define VIDEO_MATTING_CLIP_SURVEY_HPP

#include <functional>
#include <string>

#include "plate/clip_plate.hpp"
#include "plate/plate_check.hpp"
#include "video/clip.hpp"

namespace video_matting {

// Hears of the share that is done, 0..1; ends the work by throwing.
using SurveyProgress = std::function<void(double)>;

// A plate of the frames of a film or of pictures (rate: theirs, frames a second): of a clip with
// the subject, or of several takes of the plate itself. Throws workflow::Error.
plate::ClipPlateResult make_plate(const std::string& clip, const workflow::video::Rational& rate,
                                  const SurveyProgress& progress);

// A dozen frames, evenly over the clip, against the plate. Throws workflow::Error.
plate::PlateCheck check_plate(const std::string& clip, const workflow::video::Rational& rate,
                              const workflow::Image& plate, const plate::KeeperSettings& settings,
                              const SurveyProgress& progress);

}  // namespace video_matting

#endif  // VIDEO_MATTING_CLIP_SURVEY_HPP
