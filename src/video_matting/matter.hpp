// One frame through the matting task.
#ifndef VIDEO_MATTING_MATTER_HPP
#define VIDEO_MATTING_MATTER_HPP

#include <nlohmann/json.hpp>
#include <vector>

#include "video_matting/frame_ring.hpp"
#include "workflow/host.hpp"

namespace video_matting {

// Whether slots get the new background alone, for composites that the job makes itself, and what
// the task makes it of: then it changes with that.
enum class Backdrop { kNone, kOfBackground, kOfPlate };

// What composites need. made: the task's parameter `background`; has_picture: there is one beside
// it.
Backdrop backdrop_for(const std::string& made, bool has_picture);

// That parameter: "#rrggbb" or "blur:SIGMA"; empty: none.
std::string made_background(const workflow::Workflow& workflow);

// Uses the workflow's task 0 through the host only. One thread at a time.
class Matter {
 public:
  // wanted: outputs to compute. The workflow stays the caller's and must outlive this object.
  Matter(workflow::Workflow& workflow, const std::vector<workflow::OutputId>& wanted,
         Backdrop backdrop = Backdrop::kNone);

  ~Matter();  // the workflow lets go of the last frame
  Matter(const Matter&) = delete;
  Matter& operator=(const Matter&) = delete;

  // From here on. To be called also where the background changed and slots do not bring it.
  void set_backdrop(Backdrop backdrop);

  // Call it before the first frame and wherever a part begins: nothing that is remembered here
  // changes what comes out from here on.
  void begin_part() { backdrop_ = {}; }

  // Fills slot.results, over the buffers that they hold from an earlier frame where those fit, and
  // slot.backdrop. Returns what the task says of the run, for the frame's line in the log.
  nlohmann::ordered_json matte(FrameSlot& slot, const workflow::Image& plate);

 private:
  void find_backdrop(const FrameSlot& slot, const workflow::Image& plate);

  workflow::Workflow& workflow_;
  std::vector<workflow::OutputId> wanted_;
  Backdrop backdrop_kind_;
  workflow::Image backdrop_;
  std::uint64_t backdrop_source_ = 0;  // generation of the picture that the task made it of
};

}  // namespace video_matting

#endif  // VIDEO_MATTING_MATTER_HPP
