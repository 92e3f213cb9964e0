// The plate of a video job: where it comes from, and whether it fits.
#ifndef CLI_VIDEO_PLATE_HPP
#define CLI_VIDEO_PLATE_HPP

#include "cli/video_options.hpp"
#include "video_matting/plate_repair.hpp"

namespace cli {

// What options say about repairs. With --auto-plate or --average-plate the plate is made first: it
// is written beside the first output, as NAME.plate.png with NAME.plate_unsure.png, and settings
// take it from there. Throws UsageError where no plate is named.
video_matting::PlateRepairSettings prepare_plate(const VideoOptions& options,
                                                 video_matting::JobSettings& settings);

// The same, with a plate that prepare_plate has made and written before. Throws workflow::Error
// where it is not there.
video_matting::PlateRepairSettings take_plate(const VideoOptions& options,
                                              video_matting::JobSettings& settings);

// --check: prints what a look at some frames finds. false: the plate does not fit.
bool check_plate(const VideoOptions& options, const video_matting::JobSettings& settings);

}  // namespace cli

#endif  // CLI_VIDEO_PLATE_HPP
