// Where plates are kept valid and mattes calm: called before and after every frame's matting.
#ifndef VIDEO_MATTING_FRAME_REPAIR_HPP
#define VIDEO_MATTING_FRAME_REPAIR_HPP

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "workflow/image.hpp"

namespace video_matting {

// All calls come from one thread, plate_for and mend each in the order of the frames. Between the
// two for one frame plate_for of the next frames may come, always at the same places: what comes
// out does not depend on how quick things are.
class FrameRepair {
 public:
  virtual ~FrameRepair() = default;

  // A part begins. Parts are made apart from each other (after a resume, on several machines), so
  // that what is remembered of earlier frames may not change what comes out from here on.
  virtual void begin_part() = 0;

  // The plate to use for this image: plate itself, or another of the image's size. An image that
  // stays the same should keep its generation number, so that it is fitted and converted once.
  // record: the frame's line in the log, to be added to.
  virtual workflow::Image plate_for(const workflow::Image& image, const workflow::Image& plate,
                                    nlohmann::ordered_json& record) = 0;

  // For every frame that plate_for was called for. May change alpha (grey, the image's size and
  // depth) in place.
  virtual void mend(const workflow::Image& image, workflow::Image& alpha,
                    nlohmann::ordered_json& record) = 0;

  // Whether mend changes alpha: the task's own composite would not show that.
  virtual bool changes_alpha() const = 0;

  // All settings that the results depend on: a job can be resumed only with the same.
  virtual std::string description() const = 0;

  // What a person should be told of the last frame's plate, a sentence each. Empty: nothing.
  virtual std::vector<std::string> frame_warnings() const = 0;

  // After the last frame: for the job's summary, and what a person must be told.
  virtual nlohmann::ordered_json summary() const = 0;
  virtual std::vector<std::string> warnings() const = 0;
};

}  // namespace video_matting

#endif  // VIDEO_MATTING_FRAME_REPAIR_HPP
