// The plate behind each frame.
#ifndef VIDEO_MATTING_FRAME_PLATES_HPP
#define VIDEO_MATTING_FRAME_PLATES_HPP

#include <nlohmann/json.hpp>

#include "video_matting/frame_repair.hpp"
#include "video_matting/frame_ring.hpp"

namespace video_matting {

// The one plate, or the slots' own, kept valid by a repair if there is one. One thread at a time.
class FramePlates {
 public:
  // plate: empty where every slot brings its own. repair may be null and must outlive this object.
  FramePlates(workflow::Image plate, FrameRepair* repair);

  // Call it before the first frame and wherever a part begins. Nothing that is remembered of
  // earlier frames changes what comes out from here on: parts are made apart from each other.
  void begin_part();

  // As FrameRepair's: before and after the slot is matted.
  workflow::Image plate_for(const FrameSlot& slot, nlohmann::ordered_json& record);
  void mend(FrameSlot& slot, nlohmann::ordered_json& record);

 private:
  workflow::Image plate_;
  FrameRepair* repair_;
};

}  // namespace video_matting

#endif  // VIDEO_MATTING_FRAME_PLATES_HPP
