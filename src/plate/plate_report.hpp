// What was found about the plate at one frame, and what was done about it.
#ifndef PLATE_PLATE_REPORT_HPP
#define PLATE_PLATE_REPORT_HPP

#include <array>
#include <string>
#include <vector>

namespace plate {

struct PlateReport {
  std::string size, frame_size;     // "960x540": of the plate as given, and of the frame
  std::string alignment = "none";   // or "translation", "affine", "homography"
  double misalignment_px = 0;       // of the plate as given, root mean square over the picture
  double alignment_confidence = 0;  // share of the pixels that agree with the aligned plate, 0..1
  bool camera_moved = false;        // since the frame before
  bool scene_cut = false;           // the frame has nothing in common with the one before

  // frame = gain * plate + bias, display values 0..1; blue, green, red in the frame's own order.
  std::array<double, 3> gain = {1, 1, 1};
  std::array<double, 3> bias = {0, 0, 0};
  double exposure_stops = 0;     // the frame against the plate as given; > 0: brighter
  double colour_confidence = 0;  // share of the pixels that agree with gain and bias, 0..1
  double drift_levels = 0;       // mean learned change of light, in levels of 255

  // Mean difference of frame and plate where they show the same thing, 0..1; 0.01 is camera noise.
  double misfit_before = 0;     // of the plate as given
  double misfit = 0;            // of the plate as it is used
  double background_share = 0;  // of the pixels that should show background: how many fit, 0..1
  double unshown_share = 0;     // of the picture that the plate does not show, 0..1
  double ghost_share = 0;       // of the picture where the plate seems to show a subject, 0..1
  double ghost_confidence = 0;  // 0..1
  bool estimated = false;       // the repair was looked for at this frame, not only checked

  bool is_resized() const { return size != frame_size; }
  bool is_repaired() const;  // the plate that is used is not the one that was given
  bool misfits() const;      // even after the repair
  bool subject_in_plate() const;
  bool exposure_differs() const;
};

// One JSON object on one line.
std::string to_json(const PlateReport& report);

// A sentence for each thing that was mended, and for each that was not, with what to do.
std::vector<std::string> repairs(const PlateReport& report);
std::vector<std::string> faults(const PlateReport& report);

}  // namespace plate

#endif  // PLATE_PLATE_REPORT_HPP
