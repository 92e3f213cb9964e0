#include "hosts/session/settings.hpp"

#include <cstring>

#include "infer_background_matting/error.hpp"

namespace matting::hosts {
namespace {

constexpr ParameterInfo kPlate = {"plate", "path", "", "the path of a picture",
                                  "the same scene without the subject: PNG, JPEG, TIFF, ..."};
constexpr ParameterInfo kOutput = {
    "output", "choice", "rgba", "rgba, composite, alpha, foreground, error",
    "what a frame becomes: the subject with straight alpha, the subject over the new background, "
    "or alpha, foreground or error as an opaque picture"};
constexpr ParameterInfo kBackground = {
    "background", "text", "", "empty, #rrggbb, blur:SIGMA with SIGMA up to 1000, or a path",
    "new background of the composite: one colour, the blurred plate, or a picture"};

struct OutputName {
  const char* text;
  FrameOutput output;
};
constexpr OutputName kOutputs[] = {{"rgba", FrameOutput::kRgba},
                                   {"composite", FrameOutput::kComposite},
                                   {"alpha", FrameOutput::kAlpha},
                                   {"foreground", FrameOutput::kForeground},
                                   {"error", FrameOutput::kError}};

FrameOutput read_output(const std::string& text) {
  for (const OutputName& name : kOutputs) {
    if (text == name.text) return name.output;
  }
  throw Error(ErrorCode::kBadParameterValue,
              "parameter output cannot be '" + text + "': wanted one of " + kOutput.allowed);
}

bool is_path(const std::string& background) {
  return !background.empty() && background[0] != '#' && background.rfind("blur:", 0) != 0;
}

}  // namespace

const std::vector<ParameterInfo>& setting_table() {
  static const std::vector<ParameterInfo> table = [] {
    std::vector<ParameterInfo> rows = {kPlate, kOutput, kBackground};
    for (const ParameterInfo& row : parameter_table()) {
      if (std::strcmp(row.key, kBackground.key) != 0) rows.push_back(row);
    }
    return rows;
  }();
  return table;
}

Settings read_settings(const ParameterMap& texts) {
  Settings settings;
  for (const auto& [key, text] : texts) {
    if (text.empty()) continue;
    if (key == kPlate.key) {
      settings.plate_path = text;
    } else if (key == kOutput.key) {
      settings.output = read_output(text);
    } else if (key == kBackground.key && is_path(text)) {
      settings.background_path = text;
    } else {
      settings.task[key] = text;
    }
  }
  Params params;
  apply_parameters(settings.task, params);
  // A cut-out has no background, whatever stands ready for the composite.
  if (settings.output != FrameOutput::kComposite) {
    settings.background_path.clear();
    params.background = {};
  }
  settings.task = to_parameter_map(params);
  return settings;
}

}  // namespace matting::hosts
