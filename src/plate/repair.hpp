// Alignment and colour together: what makes a plate fit a frame.
#ifndef PLATE_REPAIR_HPP
#define PLATE_REPAIR_HPP

#include "plate/alignment.hpp"
#include "plate/colour_match.hpp"

namespace plate {

struct RepairChoice {
  bool align = true;
  bool match_colours = true;
  double least_colour_change = 0;  // a smaller match is left out, but used to find the alignment
};

struct Repair {
  Alignment alignment;
  ColourMatch colours;
  double before = 0;  // mean difference on the background without and with the repair, 0..1
  double after = 0;
  double support = 0;  // share of the usable pixels that these are of
};

// plate and frame: working pictures of one size; usable as in align(). What does not lower the
// difference is left out, so that `after` is never above `before`.
Repair find_repair(const cv::Mat& plate, const cv::Mat& frame, const cv::Mat& usable,
                   const RepairChoice& choice, const Alignment& start, Search search);

// The working plate with the repair, and 255 where it shows the plate at all.
cv::Mat repaired(const cv::Mat& plate, const Repair& repair);
cv::Mat shown(const Repair& repair, cv::Size size);

}  // namespace plate

#endif  // PLATE_REPAIR_HPP
