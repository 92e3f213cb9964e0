// The workflows that a video's frames go through.
#ifndef CLI_VIDEO_LANES_HPP
#define CLI_VIDEO_LANES_HPP

#include "cli/video_options.hpp"
#include "video_matting/lanes.hpp"

namespace cli {

// One workflow for the options, its model not yet loaded. Enough for a job that is only planned.
video_matting::Lanes one_lane_of(const VideoOptions& options);

// Adds a second lane, and a third where there are threads enough, each with its share of them,
// where that is quicker and changes nothing else: the native engine, or a GPU, which waits while
// the CPU does its part of a frame; on more than one thread, with settings under which frames have
// nothing to do with each other; unless the options want one. Loads the model, which takes a GPU
// seconds. Throws as the workflow does.
void add_lanes(const VideoOptions& options, video_matting::Lanes& lanes);

// All of them.
video_matting::Lanes lanes_of(const VideoOptions& options);

}  // namespace cli

#endif  // CLI_VIDEO_LANES_HPP
