#include "plate/plate_report.hpp"

#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace plate {
namespace {

constexpr double kLargestMisfit = 0.045;  // four times camera noise and compression
constexpr double kSmallestShare = 0.3;    // of what should be background: less, another scene
constexpr double kLeastGhost = 0.004;     // of the picture: a head in the distance
constexpr double kSureGhost = 0.6;
constexpr double kLargestStops = 0.1;
constexpr double kLargestMisalignment = 0.5;  // pixels
constexpr double kLargestUnshown = 0.02;

double rounded(double value) {
  return std::round(value * 1e5) / 1e5;
}

template <typename... Values>
std::string text(const char* format, Values... values) {
  char buffer[300];
  std::snprintf(buffer, sizeof buffer, format, values...);
  return buffer;
}

}  // namespace

bool PlateReport::is_repaired() const {
  const PlateReport as_given;
  return alignment != as_given.alignment || gain != as_given.gain || bias != as_given.bias ||
         drift_levels != as_given.drift_levels;
}

bool PlateReport::misfits() const {
  return misfit > kLargestMisfit || background_share < kSmallestShare;
}

bool PlateReport::subject_in_plate() const {
  return ghost_share > kLeastGhost && ghost_confidence > kSureGhost;
}

bool PlateReport::exposure_differs() const {
  return std::abs(exposure_stops) > kLargestStops;
}

std::string to_json(const PlateReport& r) {
  nlohmann::ordered_json json;
  if (r.is_resized()) json["resized_from"] = r.size;
  json["alignment"] = r.alignment;
  json["misalignment_px"] = rounded(r.misalignment_px);
  json["alignment_confidence"] = rounded(r.alignment_confidence);
  json["camera_moved"] = r.camera_moved;
  json["scene_cut"] = r.scene_cut;
  for (const auto& [key, values] : {std::pair{"gain", &r.gain}, std::pair{"bias", &r.bias}}) {
    for (const double value : *values) json[key].push_back(rounded(value));
  }
  json["exposure_stops"] = rounded(r.exposure_stops);
  json["colour_confidence"] = rounded(r.colour_confidence);
  json["drift_levels"] = rounded(r.drift_levels);
  json["misfit_before"] = rounded(r.misfit_before);
  json["misfit"] = rounded(r.misfit);
  json["background_share"] = rounded(r.background_share);
  json["unshown_share"] = rounded(r.unshown_share);
  json["plate_misfits"] = r.misfits();
  json["subject_in_plate"] = r.subject_in_plate();
  json["ghost_share"] = rounded(r.ghost_share);
  json["ghost_confidence"] = rounded(r.ghost_confidence);
  json["estimated"] = r.estimated;
  return json.dump();
}

std::vector<std::string> repairs(const PlateReport& r) {
  std::vector<std::string> lines;
  if (r.misalignment_px > kLargestMisalignment) {
    lines.push_back(text("the camera stands %.1f pixels off the plate; aligned by %s",
                         r.misalignment_px, r.alignment.c_str()));
  }
  if (r.exposure_differs()) {
    lines.push_back(text("the exposure is %+.2f stops off the plate's; matched", r.exposure_stops));
  }
  if (r.unshown_share > kLargestUnshown) {
    lines.push_back(
        text("the plate does not show %.0f %% of the picture: its edge stands in there, in a film "
             "until a frame shows the place",
             100 * r.unshown_share));
  }
  return lines;
}

std::vector<std::string> faults(const PlateReport& r) {
  std::vector<std::string> lines;
  if (r.is_resized()) {
    lines.push_back("plate resized from " + r.size + " to the image's " + r.frame_size +
                    ": take it with the same camera settings");
  }
  if (r.subject_in_plate()) {
    lines.push_back(
        text("the plate seems to show a subject or a thing that is gone, %.1f %% of "
             "the picture; take a clean plate (of a film file: --auto-plate)",
             100 * r.ghost_share));
  }
  if (r.background_share < kSmallestShare) {
    lines.push_back(
        text("the plate does not fit: no more than %.0f %% of the background is found in it; is it "
             "of this scene?",
             100 * r.background_share));
  } else if (r.misfits()) {
    lines.push_back(
        text("the plate does not fit: it differs by %.1f %% where it should be equal, "
             "and %.0f %% of the background is found in it; is it of this scene?",
             100 * r.misfit, 100 * r.background_share));
  }
  return lines;
}

}  // namespace plate
