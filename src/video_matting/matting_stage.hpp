// The middle stage: frames through the matting task, two or three at once.
#ifndef VIDEO_MATTING_MATTING_STAGE_HPP
#define VIDEO_MATTING_MATTING_STAGE_HPP

#include <deque>
#include <future>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "video_matting/bounded_queue.hpp"
#include "video_matting/decode_stage.hpp"
#include "video_matting/frame_plates.hpp"
#include "video_matting/lanes.hpp"
#include "video_matting/matter.hpp"
#include "video_matting/side_by_side.hpp"

namespace video_matting {

// Each frame goes to whichever lane is free. Whole frames side by side leave the CPUs less idle
// than the threads of one frame do, which wait for each other many times. Pixels are the same
// whatever the number of lanes: repairs always learn from a frame after they have given the two
// next ones their plates. One thread at a time.
class MattingStage {
 public:
  // A frame, matted, and its line for the log.
  struct Matted {
    FramePointer frame;
    nlohmann::ordered_json record;
  };

  // Frames come from decoding; a part begins at each multiple of part_frames. wanted: outputs to
  // compute. decoding, lanes and what plates uses must outlive this object.
  MattingStage(DecodeStage& decoding, Lanes& lanes, const FramePlates& plates,
               const std::vector<workflow::OutputId>& wanted, Backdrop backdrop,
               std::int64_t part_frames);
  ~MattingStage();  // frames that are under way are dropped

  // The next frame, in order; nothing after the last one. Throws what decoding it or matting it
  // threw.
  std::optional<Matted> next();

  // Seconds that a lane worked, in the mean.
  double busy_seconds() const;

 private:
  class Lane;
  using Work = std::packaged_task<nlohmann::ordered_json(Matter&)>;
  struct UnderWay {
    Matted matted;
    std::future<nlohmann::ordered_json> facts;
  };

  void begin_frames();
  void begin_part();
  void begin(FramePointer frame);
  void warn_of_memory(nlohmann::ordered_json& record);

  DecodeStage& decoding_;
  FramePlates plates_;
  const std::int64_t part_frames_;
  BoundedQueue<Work> work_;
  SideBySide side_by_side_;
  std::vector<std::unique_ptr<Lane>> lanes_;
  FramePointer decoded_;  // the next frame, where it has to wait
  std::deque<UnderWay> under_way_;
  double busy_seconds_ = 0;  // of all lanes
  bool told_of_memory_ = false;
};

}  // namespace video_matting

#endif  // VIDEO_MATTING_MATTING_STAGE_HPP
