// matting bench --video.
#ifndef CLI_VIDEO_BENCH_HPP
#define CLI_VIDEO_BENCH_HPP

#include "cli/video_options.hpp"

namespace cli {

// Prints the engine's own frame rate (frames in memory, one after the other), the frame rate of the
// whole job from decoding to encoding on the same frames, and their ratio. The job writes an H.264
// composite (or, without a new background, a ProRes cut-out) to the folder for temporary files.
// warmup: runs before measuring, which also load the model.
void bench_video(const VideoOptions& options, int warmup);

}  // namespace cli

#endif  // CLI_VIDEO_BENCH_HPP
