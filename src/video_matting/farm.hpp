// The chunks of a plan: making one, seeing which are there, joining them.
#ifndef VIDEO_MATTING_FARM_HPP
#define VIDEO_MATTING_FARM_HPP

#include "video_matting/farm_plan.hpp"
#include "video_matting/planned_output.hpp"

namespace video_matting {

enum class ChunkState { kDone, kMissing, kDamaged };

// Chunks lie in OUT.farm/ beside the first output, each a folder with parts and a journal that
// appears in one step when it is complete. So any number of processes, on machines that see the
// same files, may work on any chunks, also on the same one.
class Farm {
 public:
  // settings, lanes and repair (null: none): as the plan was made with; lanes and repair must
  // outlive the farm. Throws workflow::Error: WF_INVALID_ARGUMENT, which names what has changed, if
  // they make another job by now; else as Job does.
  Farm(const FarmPlan& plan, const JobSettings& settings, Lanes& lanes, FrameRepair* repair);

  // Reads all of the chunk's files. number < plan.chunks.size(), here and below.
  ChunkState state(std::size_t number) const;

  // Makes the chunk; its report is that of its frames. Leaves nothing when it throws or when
  // cancelled says so, which is asked before every frame (the report says interrupted). progress:
  // as in Job.
  JobReport run(std::size_t number, const std::function<void(const JobProgress&)>& progress,
                const std::function<bool()>& cancelled);

  // Joins the chunks, which are all done, to the job's outputs and log, and removes them; the
  // paths. step is called before each part with the path that it goes to and the share that is
  // done, and ends the work by throwing. Throws workflow::Error. After any exception the chunks are
  // as they were, and every video is complete or not there.
  std::vector<std::string> join(const std::function<void(const std::string&, double)>& step);

 private:
  std::string chunk_path(std::size_t number) const;
  std::vector<std::string> part_paths(std::size_t output) const;
  void join_logs() const;

  FarmPlan plan_;
  JobSettings settings_;
  Lanes& lanes_;
  FrameRepair* repair_;
  std::vector<PlannedOutput> outputs_;
  std::string folder_;
};

}  // namespace video_matting

#endif  // VIDEO_MATTING_FARM_HPP
