// The parameters of background matting: strings to strings outside, typed inside, one table
// between.
#ifndef INFER_BACKGROUND_MATTING_PARAMS_HPP
#define INFER_BACKGROUND_MATTING_PARAMS_HPP

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "infer_background_matting/export.hpp"
#include "infer_background_matting/network.hpp"

namespace matting {

using ParameterMap = std::map<std::string, std::string>;

constexpr int kMostProjectionPasses = 8;

enum class EngineChoice { kAuto, kNative, kTorchScript };
enum class BackgroundFit { kCover, kContain, kStretch, kCenter, kTile };

// Where the network runs.
struct DeviceChoice {
  bool cuda = true;  // false: the CPU
  int cuda_index =
      -1;  // -1: the first GPU, and the CPU if there is none; else that GPU or an error
};

// What stands in for the new background where that input is not given.
struct BackgroundChoice {
  enum class Kind { kNone, kColor, kBlur };
  Kind kind = Kind::kNone;
  std::uint8_t red = 0, green = 0, blue = 0;  // kColor
  double blur_sigma = 0;                      // kBlur: pixels of the image, > 0
};

// All parameters, typed; the defaults are the task's.
struct Params {
  NetworkSettings network;  // model_type, model_backbone_scale, model_refine_*
  Backbone backbone = Backbone::kMobileNetV2;
  DeviceChoice device;
  EngineChoice engine = EngineChoice::kAuto;
  Precision precision = Precision::kAuto;
  std::string model_path;  // empty: the model of that backbone by name
  // Pixels, under mattingrefine: where network.backbone_scale makes the base network's picture
  // smaller than this on its longer side, it is raised so that the side is the next multiple of 64,
  // or the whole image's if that is less. 0: it is not raised. Empty: what the catalogue says that
  // the model needs, or, if fine_backbone, what it gains by at the price of time.
  std::optional<int> backbone_min_side;
  bool fine_backbone = false;
  // Alpha and foreground at soft edges are corrected by the colours around, see
  // src/projection/plate_projection.hpp. Empty: if the catalogue says that the model gains by it.
  std::optional<bool> plate_projection;
  int projection_passes = 1;  // of that, 1 to kMostProjectionPasses
  BackgroundChoice background;
  BackgroundFit background_fit = BackgroundFit::kCover;
  int threads = 0;  // 0: one for each core that this process may use
};

// One row of the table that parsing, printing, help and documentation come from.
struct ParameterInfo {
  const char* key;
  const char* type;  // "choice", "integer", "number", "text" or "path"
  const char* default_value;
  const char* allowed;  // choices separated by ", ", or a range
  const char* help;
};

// The table, in the order of the documentation. Any thread.
MATTING_API const std::vector<ParameterInfo>& parameter_table();

// Sets what values names and leaves the rest of params as it is. Numbers parse as in Python
// ("2e-1", " 42 "), "update" is accepted and ignored. Throws Error kUnknownParameter or
// kBadParameterValue that names key, value and what is allowed; params is unchanged then.
MATTING_API void apply_parameters(const ParameterMap& values, Params& params);

// Every key with its present value; apply_parameters of the result gives params again.
MATTING_API ParameterMap to_parameter_map(const Params& params);

}  // namespace matting

#endif  // INFER_BACKGROUND_MATTING_PARAMS_HPP
