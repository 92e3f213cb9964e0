// Exposure and white balance: the plate's colours brought to the frame's.
#ifndef PLATE_COLOUR_MATCH_HPP
#define PLATE_COLOUR_MATCH_HPP

#include <opencv2/core.hpp>

namespace plate {

// frame = gain * plate + bias for each channel, on display values 0..1. Not on linear light: above
// its short straight part the sRGB curve is a power of the light minus a constant, so that a change
// of exposure is exactly a gain and a bias there; and noise is more even there.
struct ColourMatch {
  static constexpr int kGrey = 1;  // the channel that grey pictures are matched as: green

  cv::Vec3d gain{1, 1, 1};
  cv::Vec3d bias{0, 0, 0};
  double before = 0;  // mean difference on the background before and after it, 0..1
  double after = 0;
  double confidence = 0;  // share of the usable pixels that agree with it, 0..1

  bool is_identity() const { return gain == cv::Vec3d(1, 1, 1) && bias == cv::Vec3d(0, 0, 0); }
  // By how many stops the frame is brighter than the plate, at middle grey.
  double exposure_stops() const;
  // Of a channel of a dark, a middle or a bright grey, 0..1.
  double largest_change() const;
};

// Of full scale; from here on a channel is clipped, and says nothing of the light.
constexpr double kClipped = 0.985;

// Both CV_32FC3 and aligned; usable: 8 bit, 0 where a pixel must not count, empty for none. The
// subject may cover half of the usable pixels. Identity where nothing better is found. The same
// input gives the same result.
ColourMatch match_colours(const cv::Mat& plate, const cv::Mat& frame, const cv::Mat& usable);

// picture (any depth, 1 or 3 channels) with match applied, saturated.
cv::Mat matched(const cv::Mat& picture, const ColourMatch& match);

}  // namespace plate

#endif  // PLATE_COLOUR_MATCH_HPP
