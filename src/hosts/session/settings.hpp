// What people set in a host, as text: the host side's own rows and the task's parameter table.
#ifndef MATTING_HOSTS_SESSION_SETTINGS_HPP
#define MATTING_HOSTS_SESSION_SETTINGS_HPP

#include <string>
#include <vector>

#include "infer_background_matting/params.hpp"

namespace matting::hosts {

// plate, output and background, then the task's other parameters. background takes what the
// parameter takes, or the path of a picture. For each row, empty text means the default.
const std::vector<ParameterInfo>& setting_table();

// What a frame becomes. kRgba: the cut-out with straight alpha. The others are opaque; alpha and
// error are shown as grey.
enum class FrameOutput { kRgba, kComposite, kAlpha, kForeground, kError };

// Settings that hold.
struct Settings {
  std::string plate_path;       // empty: the host gives the plate
  std::string background_path;  // empty: the host's, or what task["background"] says
  FrameOutput output = FrameOutput::kRgba;
  ParameterMap task;  // all of the task's parameters
};

// Reads texts by the keys of setting_table(). Throws Error kBadParameterValue that names the key,
// the text and what is allowed, kUnknownParameter for a key that is not in the table.
Settings read_settings(const ParameterMap& texts);

}  // namespace matting::hosts

#endif  // MATTING_HOSTS_SESSION_SETTINGS_HPP
