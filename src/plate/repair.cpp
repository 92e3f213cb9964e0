#include "plate/repair.hpp"

#include "plate/misfit.hpp"
#include "plate/working_picture.hpp"

namespace plate {
namespace {

void judge(const cv::Mat& plate, const cv::Mat& frame, const cv::Mat& usable, Repair& repair) {
  cv::Mat judged = shown(repair, plate.size());
  if (!usable.empty()) judged &= usable;
  const Comparison found =
      compare(difference(frame, plate), difference(frame, repaired(plate, repair)), judged);
  repair.before = found.before;
  repair.after = found.after;
  repair.support = found.support;
}

}  // namespace

Repair find_repair(const cv::Mat& plate, const cv::Mat& frame, const cv::Mat& usable,
                   const RepairChoice& choice, const Alignment& start, Search search) {
  Repair repair;
  if (choice.align) {
    // Colours first, so that the pictures can be compared; once more when they lie on each other.
    const ColourMatch rough = match_colours(plate, frame, usable);
    repair.alignment = align(matched(plate, rough), frame, usable, start, search);
  }
  if (choice.match_colours) {
    cv::Mat judged = shown(repair, plate.size());
    if (!usable.empty()) judged &= usable;
    repair.colours = match_colours(aligned(plate, repair.alignment), frame, judged);
    if (repair.colours.largest_change() < choice.least_colour_change) {
      repair.colours = ColourMatch();
    }
  }
  judge(plate, frame, usable, repair);
  if (repair.after > repair.before) {
    repair.alignment = Alignment();
    repair.colours = ColourMatch();
    judge(plate, frame, usable, repair);
  }
  return repair;
}

cv::Mat repaired(const cv::Mat& plate, const Repair& repair) {
  return matched(aligned(plate, repair.alignment), repair.colours);
}

cv::Mat shown(const Repair& repair, cv::Size size) {
  return shown_mask(repair.alignment.frame_to_plate, size, size);
}

}  // namespace plate
