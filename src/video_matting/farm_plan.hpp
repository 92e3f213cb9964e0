// How a job is divided among processes: a plan that all of them read.
#ifndef VIDEO_MATTING_FARM_PLAN_HPP
#define VIDEO_MATTING_FARM_PLAN_HPP

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "video_matting/job.hpp"

namespace video_matting {

struct FarmPlan {
  nlohmann::ordered_json facts;  // of the job, see fingerprint.hpp
  std::vector<Chunk> chunks;     // one after the other from frame 0 to the last; without folders
};

struct MadePlan {
  FarmPlan plan;
  std::vector<std::string> warnings;
};

// Checks the job as running it would, and reads the video to its true end. repair: as in Job. A
// chunk is chunk_parts whole parts (>= 1); the last one may be shorter. seen hears of every frame
// and ends the work by throwing. Throws workflow::Error.
MadePlan make_plan(const JobSettings& settings, Lanes& lanes, const FrameRepair* repair,
                   std::int64_t chunk_parts, const std::function<void(std::int64_t)>& seen);

nlohmann::ordered_json to_json(const FarmPlan& plan);

// Throws workflow::Error WF_INVALID_ARGUMENT for what to_json did not write.
FarmPlan plan_of(const nlohmann::ordered_json& json);

}  // namespace video_matting

#endif  // VIDEO_MATTING_FARM_PLAN_HPP
