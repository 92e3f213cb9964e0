// What was too bright for the camera when the plate was taken, and is not now.
#ifndef PLATE_CLIPPED_HPP
#define PLATE_CLIPPED_HPP

#include <opencv2/core.hpp>

#include "plate/colour_match.hpp"

namespace plate {

// 8 bit, picture's size and channels: 255 where a channel is clipped at white, and match makes it
// darker, so that the matched plate is only the least that the frame can show there. Empty if there
// are none. picture: any depth, before the match; fourth channels are not for it.
cv::Mat find_clipped(const cv::Mat& picture, const ColourMatch& match);

// Lifts clipped channels of a matched plate to the frame's values, where these are higher and the
// pixel's other channels agree with the frame's: where what the plate says does not speak against
// the frame. clipped as found; plate and frame: its size and channels, one depth.
void lift_clipped(const cv::Mat& frame, const cv::Mat& clipped, cv::Mat& plate);

}  // namespace plate

#endif  // PLATE_CLIPPED_HPP
