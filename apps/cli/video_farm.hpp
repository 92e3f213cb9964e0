// matting video split | run-chunk | join: one job on many machines.
#ifndef CLI_VIDEO_FARM_HPP
#define CLI_VIDEO_FARM_HPP

#include <CLI/App.hpp>

namespace cli {

// Puts them into the verb `video`.
void add_video_farm_verbs(CLI::App& video);

}  // namespace cli

#endif  // CLI_VIDEO_FARM_HPP
