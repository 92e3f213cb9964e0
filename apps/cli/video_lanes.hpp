// The workflows that a video's frames go through.
#ifndef CLI_VIDEO_LANES_HPP
#define CLI_VIDEO_LANES_HPP

#include "cli/video_options.hpp"
#include "video_matting/lanes.hpp"

namespace cli {

// One workflow for the options. Enough for a job that is only planned.
video_matting::Lanes one_lane_of(const VideoOptions& options);

// Two, each with half of the threads, where that is quicker and changes nothing else: the native
// engine on more than one thread, with settings under which frames have nothing to do with each
// other; unless the options want one. Loads the model. Throws as the workflow does.
video_matting::Lanes lanes_of(const VideoOptions& options);

}  // namespace cli

#endif  // CLI_VIDEO_LANES_HPP
