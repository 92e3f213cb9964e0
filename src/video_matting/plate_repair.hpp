// A job's plate kept valid from frame to frame, and its alpha calm.
#ifndef VIDEO_MATTING_PLATE_REPAIR_HPP
#define VIDEO_MATTING_PLATE_REPAIR_HPP

#include <deque>
#include <optional>

#include "plate/alpha_smoothing.hpp"
#include "plate/finding_tally.hpp"
#include "plate/plate_keeper.hpp"
#include "video_matting/frame_repair.hpp"

namespace video_matting {

struct PlateRepairSettings {
  plate::KeeperSettings keeper;
  double smoothing = 0;    // of alpha; 0: none, below 1
  workflow::Image unsure;  // of a plate made from the clip: where it is a guess; may be empty
};

// Each frame's line in the log gets "plate", an object with what was found and done.
class PlateRepair : public FrameRepair {
 public:
  // Throws std::invalid_argument for a smoothing outside of [0, 1).
  explicit PlateRepair(const PlateRepairSettings& settings);

  void begin_part() override;
  workflow::Image plate_for(const workflow::Image& image, const workflow::Image& plate,
                            nlohmann::ordered_json& record) override;
  void mend(const workflow::Image& image, workflow::Image& alpha,
            nlohmann::ordered_json& record) override;
  bool changes_alpha() const override { return settings_.smoothing > 0; }
  std::string description() const override;
  nlohmann::ordered_json summary() const override;
  std::vector<std::string> frame_warnings() const override { return frame_faults_; }
  std::vector<std::string> warnings() const override { return faults_.lines(); }

 private:
  void note(std::int64_t frame, const plate::PlateReport& report);

  PlateRepairSettings settings_;
  std::optional<plate::PlateKeeper> keeper_;
  std::uint64_t plate_generation_ = 0;                // of the plate that keeper_ has
  std::deque<plate::PlateKeeper::Moment> unlearned_;  // of frames that mend is to come for
  plate::AlphaSmoother smoother_;
  plate::FindingTally repairs_, faults_;
  std::vector<std::string> frame_faults_;          // of the last frame
  std::vector<std::int64_t> camera_moves_, cuts_;  // frames, the first kMostListed
  std::int64_t frames_ = 0;
  double largest_misalignment_px_ = 0, largest_exposure_stops_ = 0, misfit_sum_ = 0;
};

}  // namespace video_matting

#endif  // VIDEO_MATTING_PLATE_REPAIR_HPP
